import { RULES, RULES_BY_SUBJECT, type Rule } from "@slipway/base-image";

const FOLDER = "docs/lint";

/** The page of every lint rule and the list of them, by path. */
export function lintPages(): Readonly<Record<string, () => string>> {
  const pages = RULES.map((rule) => [`${FOLDER}/${rule.code}.md`, () => renderRule(rule)] as const);
  return { [`${FOLDER}/README.md`]: renderIndex, ...Object.fromEntries(pages) };
}

function renderIndex(): string {
  const sections = Object.entries(RULES_BY_SUBJECT).map(([subject, rules]) => renderSection(subject, rules));
  return [
    "# What base-image check and base-image read look for",
    "",
    "A rule with a star is only looked at with `--pedantic`. What BuildKit itself would refuse is found by the reader before",
    "any of these; the text of a `RUN` goes through ShellCheck where that is installed.",
    "",
    ...sections,
  ].join("\n");
}

function renderSection(subject: string, rules: readonly Rule[]): string {
  const rows = rules.map(({ code, severity, title, also, pedantic }) => {
    return `| [${code}](${code}.md)${pedantic === true ? " \\*" : ""} | ${severity} | ${title} | ${also.join(", ")} |`;
  });
  return [
    `## ${subject}`,
    "",
    "| rule | severity | finds | also known as |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function renderRule(rule: Rule): string {
  const { code, kind, severity, title, reason, remedy, link, also, bad, good, pedantic } = rule;
  return [
    `# ${code}`,
    "",
    `${title}.`,
    "",
    reason,
    "",
    `**What to do:** ${remedy}`,
    "",
    `Severity: ${severity} (${kind})${pedantic === true ? ", only with `--pedantic`" : ""}.`,
    ...(also.length === 0 ? [] : [`Elsewhere: ${also.join(", ")}.`]),
    `More: <${link}>`,
    "",
    `Found in line ${bad.line} of:`,
    "",
    fenced(bad.text),
    "",
    "Not found in:",
    "",
    fenced(good),
    "",
    `To keep it where it is meant: \`# base-image: ignore=${code} the reason\` on the line above, or`,
    `\`lint: { ignore: { "${code}": "the reason" } }\` in a definition.`,
    "",
  ].join("\n");
}

function fenced(text: string): string {
  return ["```dockerfile", text.trimEnd(), "```"].join("\n");
}
