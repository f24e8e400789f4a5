import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Machine } from "./machine.ts";
import type { BenchResult } from "./result.ts";

/** Where the numbers of the last run of each benchmark are kept, as JSON. */
export const RESULTS: string = join(dirname(fileURLToPath(import.meta.url)), "..", "results");

/** Everything somebody needs to know to believe or to repeat a run. */
export interface BenchReport extends BenchResult {
  readonly bench: string;
  /** When the run ended, in ISO 8601. */
  readonly at: string;
  /** The commit that was measured; with a plus where files differed from it. */
  readonly revision: string;
  /** How long all of it took. */
  readonly seconds?: number;
  readonly machine: Machine;
  readonly remarks: readonly string[];
  /** By ratio, how far a second run's differed, as a share of the first's; there where a second run was made. */
  readonly repeated?: Readonly<Record<string, number>>;
}

/** Keeps the numbers as `results/BENCH.json` and returns the file's path. */
export async function keepReport(report: BenchReport): Promise<string> {
  await mkdir(RESULTS, { recursive: true });
  const file = join(RESULTS, `${report.bench}.json`);
  // in one step: a run that ends here, or a second one beside it, leaves no half of a file
  const draft = `${file}.${process.pid}`;
  try {
    await writeFile(draft, reportText(report));
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  return file;
}

/** A report as JSON: numbers to five digits, a list of numbers on one line. */
export function reportText(report: BenchReport): string {
  return `${JSON.stringify(report, shortened, 2).replaceAll(/\[[\d.,\s-]+\]/g, (list) => list.replaceAll(/\s+/g, " "))}\n`;
}

function shortened(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
