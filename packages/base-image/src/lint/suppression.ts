import { nearest } from "../dockerfile/known-keys.ts";
import type { Finding } from "../dockerfile/finding.ts";
import type { ParsedComment, ParsedLine } from "../dockerfile/parse/parsed.ts";
import type { LintFile } from "./lint-file.ts";
import type { Rule } from "./rule.ts";

/** Findings that are meant to be there, and why. */
export interface Suppression {
  /** None where it is a comment that tries to be one. */
  readonly codes: readonly string[];
  readonly reason: string;
  /** The line of the comment; 0 for one of a definition. */
  readonly line: number;
  readonly column: number;
  /** The lines it speaks for. */
  readonly from: number;
  readonly to: number;
  /** `own` ones must name codes there are, give a reason and be of use; those written for other programs need not. */
  readonly own: boolean;
}

/** What is left of findings, with what is wrong with the suppressions themselves. */
export interface Suppressed {
  readonly findings: readonly Finding[];
  readonly suppressed: number;
}

const OWN = /^base-image:\s*ignore\s*=\s*([\w-]+(?:\s*,\s*[\w-]+)*)\s*(.*)$/;
const HADOLINT = /^hadolint\s+ignore=([\w,]+)/;
const NEARLY = /^base-image:?\s*([\w-]+)(\s*=)?/i;
const NOWHERE: Covered = { place: { line: Number.POSITIVE_INFINITY, endLine: 0 } };
const SHELLCHECK = /^SC\d{4}$/;
const CHECK_PAGE = "https://docs.docker.com/build/checks/#skip-checks";

/** What a comment speaks for. */
interface Covered {
  readonly place: Pick<ParsedLine["place"], "line" | "endLine">;
}

/** Warnings of the grammar that BuildKit's checks have too. */
const CHECKED_BY_GRAMMAR: Readonly<Record<string, string>> = {
  maintainer: "MaintainerDeprecated",
  "empty-continuation": "NoEmptyContinuation",
};

/** The suppressions of a file: its comments, `# check=skip=…`, and those of hadolint. */
export function suppressionsIn(file: LintFile, rules: readonly Rule[]): readonly Suppression[] {
  const { parsed } = file;
  const lines: readonly ParsedLine[] = [
    ...parsed.globalArgs,
    ...parsed.stages.flatMap((each) => [each, ...each.instructions]),
  ];
  const end = lines.reduce((so, { place }) => Math.max(so, place.endLine), 0);
  const places: readonly (readonly [Covered, readonly ParsedComment[]])[] = [
    ...lines.map((line) => [line, line.comments] as const),
    [NOWHERE, commentsAtEnd(file.lines, end)],
  ];
  const inComments = places.flatMap(([covered, comments]) =>
    comments.flatMap((comment) => fromComment(comment, covered, file.lines[comment.line - 1] ?? "", rules)),
  );
  const skipped = parsed.directives.flatMap(({ key, value }) => (key === "check" ? skippedBy(value, rules) : []));
  if (skipped.length === 0) return inComments;
  return [
    { codes: skipped, reason: CHECK_PAGE, line: 1, column: 1, from: 1, to: file.lines.length, own: false },
    ...inComments,
  ];
}

/** Comments below the last instruction, which speak for nothing. */
function commentsAtEnd(lines: readonly string[], end: number): readonly ParsedComment[] {
  const last = lines.findLastIndex((line) => !/^\s*(?:#|$)/.test(line));
  const from = Math.max(end, last + 1);
  return lines.slice(from).flatMap((line, index) => {
    const text = line.trim();
    return text.startsWith("#") ? [{ text: text.slice(1).trim(), line: from + index + 1 }] : [];
  });
}

/** A suppression for the whole file. */
export function suppressionOf(code: string, reason: string): Suppression {
  return { codes: [code], reason, line: 0, column: 0, from: 0, to: Number.POSITIVE_INFINITY, own: true };
}

/** Takes out the findings that are meant to be there. What BuildKit refuses stays: it cannot be built, whatever is meant. */
export function suppress(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  known: readonly string[],
): Suppressed {
  const used = new Set<string>();
  const kept = findings.filter((finding) => {
    if (finding.kind === "grammar" && finding.severity === "error") return true;
    const by = suppressions.filter(({ codes, from, to }) => {
      return codes.includes(finding.code) && finding.line >= from && finding.line <= to;
    });
    for (const each of by) used.add(`${suppressions.indexOf(each)} ${finding.code}`);
    return by.length === 0;
  });
  const about = suppressions.flatMap((each, index) =>
    each.own ? judge(each, known, (code) => used.has(`${index} ${code}`)) : [],
  );
  return { findings: [...kept, ...about], suppressed: findings.length - kept.length };
}

/** Whether `# check=error=true` makes BuildKit fail on what it finds. */
export function failsOnChecks({ parsed }: LintFile): boolean {
  return parsed.directives.some(({ key, value }) => key === "check" && /(?:^|;)\s*error\s*=\s*true\b/i.test(value));
}

function fromComment(
  { text, line }: ParsedComment,
  { place }: Covered,
  written: string,
  rules: readonly Rule[],
): readonly Suppression[] {
  const covers = { line, column: written.search(/\S/) + 1, from: place.line, to: place.endLine };
  const [, own, reason = ""] = OWN.exec(text) ?? [];
  if (own !== undefined) return [{ ...covers, codes: own.split(/\s*,\s*/), reason, own: true }];
  const [, word = "", equals] = NEARLY.exec(text) ?? [];
  if (equals !== undefined || nearest(word, ["ignore"]) !== undefined)
    return [{ ...covers, codes: [], reason: text, own: true }];
  const numbers = HADOLINT.exec(text)?.[1]?.split(",");
  if (numbers === undefined) return [];
  const codes = rules.filter(({ also }) => also.some((each) => numbers.includes(each))).map(({ code }) => code);
  return [{ ...covers, codes: [...codes, ...numbers.filter((each) => SHELLCHECK.test(each))], reason: "", own: false }];
}

/** The rules of this package that BuildKit is told to skip by name. */
function skippedBy(directive: string, rules: readonly Rule[]): readonly string[] {
  const list = /(?:^|;)\s*skip\s*=\s*([^;]*)/i.exec(directive)?.[1] ?? "";
  const names = new Set(list.split(",").map((name) => name.trim()));
  const isSkipped = (name: string): boolean => isBuildKit(name) && (names.has("all") || names.has(name));
  const ofGrammar = Object.entries(CHECKED_BY_GRAMMAR).filter(([, name]) => isSkipped(name));
  return [...rules.filter(({ also }) => also.some(isSkipped)), ...ofGrammar.map(([code]) => ({ code }))].map(
    ({ code }) => code,
  );
}

/** Whether a rule's other name is one of BuildKit's: hadolint's are numbers. */
export function isBuildKit(name: string): boolean {
  return !/^DL\d+$/.test(name);
}

function judge(
  { codes, reason, line, column }: Suppression,
  known: readonly string[],
  isUsed: (code: string) => boolean,
): readonly Finding[] {
  const at = { kind: "lint" as const, line, column };
  if (codes.length === 0) {
    const message = `the comment ${JSON.stringify(reason)} is read as no suppression`;
    const hint = "Write it as # base-image: ignore=CODE and the reason.";
    return [{ ...at, code: "ignore-unknown", severity: "error", message, hint }];
  }
  const unknown = codes.filter((code) => !known.includes(code) && !SHELLCHECK.test(code));
  const wrong = unknown.map((code): Finding => {
    const near = nearest(code, known);
    const hint = near === undefined ? "Write the code as it is printed with the finding." : `Did you mean ${near}?`;
    return { ...at, code: "ignore-unknown", severity: "error", message: `there is no rule ${code}`, hint };
  });
  // whether ShellCheck has something to say depends on the machine, and on its version
  const unused = codes.filter((code) => known.includes(code) && !isUsed(code));
  const idle = unused.map((code): Finding => {
    const hint = "Remove the comment, or the code from it.";
    return { ...at, code: "ignore-unused", severity: "info", message: `${code} finds nothing here`, hint };
  });
  if (reason.trim() !== "" || wrong.length > 0) return [...wrong, ...idle];
  const hint = "Write it behind the code: ignore=CODE because ….";
  return [{ ...at, code: "ignore-without-reason", severity: "warning", message: "nothing says why", hint }, ...idle];
}
