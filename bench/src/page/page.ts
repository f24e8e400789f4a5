import { readFileSync } from "node:fs";
import { join } from "node:path";

import { machineWords } from "../machine.ts";
import { REPEAT_BOUND } from "../repeat.ts";
import { RESULTS, type BenchReport } from "../report.ts";
import { isRatio } from "../result.ts";
import { groupsOf } from "../summary.ts";
import { TARGETS, verdictsOf, wantedWords, type Verdict } from "../targets.ts";
import { barChart } from "./bar-chart.ts";
import { growthChart } from "./growth-chart.ts";
import { SECTIONS, type Section } from "./sections.ts";
import { figureTable, table, timingTables } from "./tables.ts";
import { shareWords, targetWords } from "./units.ts";

const FOLDER = "docs/benchmarks";

/** The page of all kept results and a chart for each, by path. */
export function benchmarkPages(): Readonly<Record<string, () => string>> {
  const kept = SECTIONS.map((section) => ({ section, report: keptReport(section.bench) }));
  const charts = kept.flatMap(({ section, report }) => {
    return report === undefined ? [] : [[`${FOLDER}/${section.bench}.svg`, () => chartOf(section, report)] as const];
  });
  return { "docs/benchmarks.md": () => renderPage(kept), ...Object.fromEntries(charts) };
}

/** A benchmark and the last report of it, if there is one. */
export interface Kept {
  readonly section: Section;
  readonly report: BenchReport | undefined;
}

/** The page: all targets first, then each benchmark. */
export function renderPage(kept: readonly Kept[]): string {
  const verdicts = kept.flatMap(({ section: { bench }, report }) => verdictsOf(bench, report?.figures ?? {}));
  return [...INTRODUCTION, ...targetLines(verdicts), ...kept.flatMap((one) => sectionLines(one)), ""].join("\n");
}

/** The picture of a report. */
export function chartOf({ title, chart, ours }: Section, { timings }: BenchReport): string {
  return chart === "growth" ? growthChart(title, groupsOf(timings)) : barChart(title, groupsOf(timings), ours);
}

const INTRODUCTION: readonly string[] = [
  "# Benchmarks",
  "",
  "What Slipway's three programs cost beside what people use in their place. Every figure comes from a file in",
  "`bench/results`, and every command here runs again what it shows, on any machine with Docker and the",
  "[services of the tests](../CONTRIBUTING.md#services), each in under twenty minutes.",
  "",
  "**How it is measured.** A machine that is busy is refused: more than a fifth of its processors in use, for a minute. Cases run",
  "by turns, round after round, forward and backward, so that what slows the machine down slows all of them down; a ratio `A / B`",
  "is the median of the ratios of each round in which both ran, and where they are fewer than three the ratio of the medians.",
  "Every upload of another tool is put between uploads of ours, up to three after one that takes long, and compared with the mean",
  "of those before and those after it, also where it ran once; of several such ratios it is",
  "[Hodges and Lehmann's location](https://doi.org/10.1214/aoms/1177704172), the median of the means of any two.",
  "Programs run once before anything is kept; of uploads only the one that the others are compared with, as some take minutes.",
  "Medians stand with their quartiles. Figures are held against their targets before they are rounded. `--repeat` runs everything",
  "twice and says how far the ratios are apart; `--against REF` measures another commit by turns with this one; `--rounds N`",
  "changes how often, `--json` prints what is kept. A program that is compared with and not installed is named with the command",
  "that installs it, and nothing is measured until it is there or `--anyway` is given.",
  "",
];

function targetLines(verdicts: readonly Verdict[]): readonly string[] {
  const missed = verdicts.filter(({ verdict }) => verdict === "missed").length;
  const open = verdicts.filter(({ verdict }) => verdict === "not measured").length;
  const rows = verdicts.map(({ target, value, verdict }) => [
    `[${target.bench}](#${anchorOf(target.bench)})`,
    target.figure,
    wantedWords(target),
    value === undefined ? "" : targetWords(value),
    verdict === "missed" ? "**missed**" : verdict,
  ]);
  return [
    "## Targets",
    "",
    `${TARGETS.length} figures have a target: ${missed} missed, ${open} not measured.`,
    "",
    ...table(["benchmark", "figure", "wanted", "measured", ""], rows),
    "",
  ];
}

function sectionLines({ section, report }: Kept): readonly string[] {
  const { bench, title, what, cases = [], command, limits } = section;
  const compared = cases.map(([name, words]) => `- **${name}**: ${words}`);
  const head = [
    `## ${title}`,
    "",
    what,
    "",
    ...compared,
    ...(compared.length > 0 ? [""] : []),
    "```sh",
    command,
    "```",
    "",
  ];
  if (report === undefined) return [...head, "Not measured yet.", ""];
  const { remarks, versions, repeated } = report;
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    ...head,
    `${runWords(report)} Versions: ${used.join(", ")}.`,
    ...(Object.keys(report.figures).some((figure) => isRatio(figure)) ? ["", repeatWords(repeated)] : []),
    ...remarks.flatMap((remark) => ["", `**Note:** ${remark}.`]),
    "",
    `![${title}: a chart of the medians below](benchmarks/${bench}.svg)`,
    "",
    ...timingTables(report.timings),
    ...figureTable(report.figures),
    "**What these figures do not show**",
    "",
    ...limits.map((limit) => `- ${limit}`),
    "",
  ];
}

function runWords({ at, revision, machine, seconds }: BenchReport): string {
  const took = seconds === undefined ? "" : `, in ${minuteWords(seconds)}`;
  const before = `with ${Math.round(machine.busy * 100)} % of the processors in use before`;
  return `Run on ${at.slice(0, 10)} at commit ${revision}${took}, on ${machineWords(machine)} ${before}.`;
}

function minuteWords(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "a minute" : `${minutes} minutes`;
}

function repeatWords(repeated: BenchReport["repeated"]): string {
  if (repeated === undefined) return "No second run has been held against this one.";
  const apart = Object.entries(repeated).filter(([, share]) => share > REPEAT_BOUND);
  const farthest = Math.max(0, ...Object.values(repeated));
  const words = `A second run's ratios differ by at most ${shareWords(farthest)}`;
  if (apart.length === 0) return `${words}.`;
  const named = apart.map(([figure, share]) => `${figure} (${shareWords(share)})`).join("; ");
  return `${words}; by more than ${shareWords(REPEAT_BOUND)}: ${named}.`;
}

function anchorOf(bench: string): string {
  const title = SECTIONS.find((section) => section.bench === bench)?.title ?? bench;
  return title.toLowerCase().replaceAll(" ", "-");
}

function keptReport(bench: string): BenchReport | undefined {
  const file = join(RESULTS, `${bench}.json`);
  try {
    return readReport(readFileSync(file, "utf8"), file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function readReport(text: string, file: string): BenchReport {
  try {
    return JSON.parse(text) as BenchReport;
  } catch (error) {
    throw new Error(`${file} is no report: run its benchmark again, or restore it by git`, { cause: error });
  }
}
