import type { Finding } from "../dockerfile/finding.ts";
import type { FindingReport } from "./finding-report.ts";
import { printable } from "./output.ts";

/** Colours a word, or not. */
export type Paint = (colour: "red" | "yellow" | "cyan" | "dim" | "bold", text: string) => string;

const COLOURS = { error: "red", warning: "yellow", info: "cyan" } as const;
/** An excerpt longer than this is cut around its place. */
const WIDTH = 100;

/** Findings as people read them: where, what, the line with a mark below its place, what to do. */
export function findingsText(
  report: Pick<FindingReport, "path" | "isDockerfile" | "lines" | "findings">,
  paint: Paint,
): string {
  return report.findings.map((finding) => findingText(finding, report, paint)).join("");
}

function findingText(
  finding: Finding,
  { path, isDockerfile, lines }: Pick<FindingReport, "path" | "isDockerfile" | "lines">,
  paint: Paint,
): string {
  const { code, severity, line, column, message, hint } = finding;
  const place = line === 0 ? path : `${isDockerfile ? path : "Dockerfile"}:${line}:${column}`;
  const head = `${paint("bold", place)} ${paint(COLOURS[severity], severity)} ${printable(message)} ${paint("dim", `[${code}]`)}`;
  const excerpt = excerptOf(finding, lines).map((each) => paint("dim", each));
  return [head, ...excerpt, `  ${printable(hint)}`, "", ""].join("\n");
}

/** The line and a mark below the place. A line that holds a secret is not shown. */
function excerptOf({ code, line, column }: Finding, lines: readonly string[]): readonly string[] {
  const text = lines[line - 1];
  if (text === undefined || code.includes("secret")) return [];
  const start = Math.max(0, Math.min(column - 1 - Math.floor(WIDTH / 2), text.length - WIDTH));
  const shown = text.slice(start, start + WIDTH).replaceAll(/\s/g, " ");
  const gutter = `  ${line} | `;
  const mark = `${" ".repeat(gutter.length - 2)}| ${" ".repeat(Math.max(0, column - 1 - start))}^`;
  return [`${gutter}${printable(shown)}`, mark];
}
