import type { Finding } from "../dockerfile/finding.ts";
import { RULES } from "../lint/rules.ts";
import { githubLines } from "./format-github.ts";
import { sarifLog } from "./format-sarif.ts";
import { findingsText } from "./format-text.ts";
import type { Failure } from "./failure.ts";
import { coloured } from "./output.ts";
import type { VerbContext } from "./verb.ts";

/** The forms findings are printed in; the first is the one without `--format`. */
export const FORMATS = ["text", "json", "github", "sarif"] as const;

/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];

/** A stage, as the summary has it. */
export interface ReportedStage {
  readonly name: string;
  readonly base: string;
  readonly line: number;
  readonly instructions: readonly string[];
}

/** What `check` and `read` found. */
export interface FindingReport {
  /** What was looked at, for the last line: `app: 2 stages`. */
  readonly subject: string;
  /** The file that a program which shows findings has to open. */
  readonly path: string;
  /** Whether lines are those of this file; those of a definition are lines of the Dockerfile that it gives. */
  readonly isDockerfile: boolean;
  /** The lines of the Dockerfile. */
  readonly lines: readonly string[];
  readonly stages: readonly ReportedStage[];
  readonly findings: readonly Finding[];
  /** How many are meant to be there. */
  readonly suppressed: number;
}

/** Ends the program with 1 when the findings have been printed already; `failure` is the first of them. */
export class FindingsError extends Error {
  readonly failure: Failure;

  constructor({ code, message, hint }: Finding) {
    super(message);
    this.failure = { code, message, hint, exitCode: 1 };
  }
}

/** Prints findings in a format, with the summary for JSON. Throws {@link FindingsError} when one is an error. */
export function printFindings(context: VerbContext, report: FindingReport, format: Format): void {
  const { output } = context;
  const { stages, findings } = report;
  for (const finding of findings) output.event({ type: "finding", ...finding, ...sourceOf(finding.code) });
  if (format === "text") output.result(`${findingsText(report, coloured)}${countText(report)}\n`);
  if (format === "github") output.result(githubLines(report));
  if (format === "sarif") output.result(`${JSON.stringify(sarifLog(report), null, 2)}\n`);
  output.summary({ stages, findings });
  const first = findings.find(({ severity }) => severity === "error");
  if (first !== undefined) throw new FindingsError(first);
}

/** Where a rule is documented, and what others call it. */
function sourceOf(code: string): { readonly link?: string; readonly also?: readonly string[] } {
  const rule = RULES.find((each) => each.code === code);
  return rule === undefined ? {} : { link: rule.link, also: rule.also };
}

function countText({ subject, findings, suppressed }: FindingReport): string {
  const found = findings.length === 0 ? "no findings" : count(findings.length, "finding");
  const quiet = suppressed === 0 ? "" : `, ${suppressed} ignored on purpose`;
  return `${subject}, ${found}${quiet}`;
}

/** `1 stage`, `2 stages`. */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
