import { DIFFERENCES, REFUSED_FUNCTIONS, TEMPLATE_FUNCTIONS, type Difference } from "@slipway/entrypoint";

const SECTIONS: Readonly<Record<Difference["kind"], { readonly title: string; readonly about: string }>> = {
  keep: { title: "As with entrykit", about: "Existing lines go on working." },
  fix: { title: "Better than entrykit", about: "Nobody can rely on what entrykit does there." },
  warn: { title: "With a warning", about: "What entrykit does there surprises; the warning names the remedy." },
};

/** The page that compares the program with entrykit, from the table of differences. */
export function renderEntrykitPage(): string {
  const kinds = Object.keys(SECTIONS) as readonly Difference["kind"][];
  return [
    "# Coming from entrykit",
    "",
    "What `codep`, `prehook`, `render`, `switch` and `entrykit` do under this program. `entrypoint lint` names the lines of a",
    "Dockerfile that a row marked **lint** is about.",
    "",
    ...kinds.flatMap(renderSection),
    ...renderFunctions(),
  ].join("\n");
}

function renderSection(kind: Difference["kind"]): readonly string[] {
  const { title, about } = SECTIONS[kind];
  return [`## ${title}`, "", about, "", ...DIFFERENCES.filter((row) => row.kind === kind).map(renderRow)];
}

function renderRow({ id, entrykit, ours, reason, lint }: Difference): string {
  const found =
    lint === undefined
      ? ""
      : `\n**lint** (${lint.severity}): ${lint.message.replace("{found}", "…")}. Remedy: ${lint.hint}.\n`;
  return `### ${id}\n\nentrykit: ${entrykit}\n\nHere: ${ours}\n\nWhy: ${reason}\n${found}`;
}

function renderFunctions(): readonly string[] {
  return [
    "## Functions of templates",
    "",
    TEMPLATE_FUNCTIONS.map((name) => `\`${name}\``).join(" "),
    "",
    "Refused by name, with what to use instead:",
    "",
    ...Object.entries(REFUSED_FUNCTIONS).map(([name, instead]) => `- \`${name}\`: ${instead}`),
    "",
  ];
}
