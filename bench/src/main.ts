import { argv, exit, stderr, stdout } from "node:process";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

import { compareWith, comparisonTable } from "./against.ts";
import { withAllCauses } from "./causes.ts";
import { endWhenAsked, interruption } from "./interruption.ts";
import { machineWords } from "./machine.ts";
import { readOptions, usageText, UsageError, type BenchOptions } from "./options.ts";
import { differenceLines, differences } from "./repeat.ts";
import { keepReport, reportText, type BenchReport } from "./report.ts";
import { NotReadyError, type Bench } from "./result.ts";
import { runElsewhere } from "./run-elsewhere.ts";
import { runHere } from "./run-here.ts";
import { numberWords, targetWords } from "./page/units.ts";
import { timingTable } from "./summary.ts";
import { verdictsOf, wantedWords } from "./targets.ts";

export type { BenchResult, BenchSettings } from "./result.ts";

/** Each benchmark by its name; loaded when it is asked for. */
const BENCHES: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  assets: () => import("./assets.ts"),
  boot: () => import("./boot.ts"),
  image: () => import("./image.ts"),
  language: () => import("./language.ts"),
  ledger: () => import("./ledger.ts"),
  packages: () => import("./packages.ts"),
  releases: () => import("./releases.ts"),
};

async function main(words: readonly string[]): Promise<number> {
  endWhenAsked();
  try {
    if (words.includes("--help")) {
      stdout.write(usageText(Object.keys(BENCHES)));
      return 0;
    }
    const options = readOptions(words, Object.keys(BENCHES));
    if (options.against !== undefined) await compare(options.against, options);
    else await measure(options);
    return 0;
  } catch (error) {
    // a signal is heard between two turns of the loop, and what it has ended may be told before that
    await nextTurn();
    return told(error);
  }
}

/** Says what went wrong and answers the exit code. */
function told(error: unknown): number {
  const interrupted = interruption();
  if (interrupted !== undefined) {
    stderr.write(`bench: ${interrupted.message}; nothing is kept\n`);
    return interrupted.exitCode;
  }
  if (!(error instanceof UsageError || error instanceof NotReadyError)) throw withAllCauses(error);
  stderr.write(`bench: ${error.message}\n`);
  return error instanceof UsageError ? 2 : 3;
}

async function compare(reference: string, options: BenchOptions): Promise<void> {
  const compared = await compareWith(reference, options);
  stdout.write(options.json ? `${JSON.stringify(compared)}\n` : comparisonTable(reference, compared));
}

async function measure(options: BenchOptions): Promise<void> {
  const report = options.repeat ? await runTwice(options) : await runOnce(options);
  if (options.json) {
    stdout.write(reportText(report));
    return;
  }
  stdout.write(summaryOf(report));
  try {
    stdout.write(`kept in ${await keepReport(report)}\n`);
  } catch (error) {
    // what took minutes is not lost with a disk that is full
    stdout.write(reportText(report));
    throw new NotReadyError(
      `the report above is kept nowhere else: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function runOnce(options: BenchOptions): Promise<BenchReport> {
  const load = new Map(Object.entries(BENCHES)).get(options.bench);
  if (load === undefined) throw new UsageError(`${options.bench} is no benchmark`);
  const { bench } = await load();
  return runHere(bench, options);
}

/** The first of two runs, each in a process of its own, with how far the second's ratios differ. */
async function runTwice(options: BenchOptions): Promise<BenchReport> {
  const root = join(import.meta.dirname, "..", "..");
  const first = await runElsewhere(root, options);
  const second = await runElsewhere(root, options);
  return { ...first, repeated: differences(first, second) };
}

function summaryOf({ bench, machine, timings, figures, remarks, repeated }: BenchReport): string {
  const verdicts = verdictsOf(bench, figures);
  return [
    `on ${machineWords(machine)}\n`,
    timingTable(timings),
    ...Object.entries(figures).map(([figure, value]) => `${figure}: ${numberWords(value)}\n`),
    ...verdicts.map(
      ({ target, value, verdict }) =>
        `${verdict}: ${target.figure} is ${value === undefined ? "–" : targetWords(value)}, wanted ${wantedWords(target)}\n`,
    ),
    ...remarks.map((remark) => `remark: ${remark}\n`),
    repeated === undefined ? "" : differenceLines(repeated),
  ].join("");
}

const code = await main(argv.slice(2));
// a pipe may still hold what was written
stdout.write("", () => exit(code));
