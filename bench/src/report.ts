import { mkdir, writeFile } from "node:fs/promises";
import { cpus, loadavg, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Timing } from "./interleave.ts";

/** Where the numbers of every run are kept. */
export const RESULTS: string = join(dirname(fileURLToPath(import.meta.url)), "..", "results");

/** Everything somebody needs to know to believe or to repeat a run. */
export interface BenchReport {
  readonly bench: string;
  readonly at: string;
  readonly machine: {
    readonly cpus: number;
    readonly model: string;
    readonly memoryGiB: number;
    readonly load: number;
  };
  readonly versions: Readonly<Record<string, string>>;
  readonly timings: readonly Timing[];
  /** Figures that are not times: bytes, requests, ratios. */
  readonly figures: Readonly<Record<string, number>>;
}

/** What the machine is and how busy it was when this was called: before the first run. */
export function describeMachine(): BenchReport["machine"] {
  const [first] = cpus();
  return {
    cpus: cpus().length,
    model: first?.model ?? "unknown",
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0] ?? Number.NaN,
  };
}

/** Keeps the numbers as `results/BENCH.json` and returns the file's path. */
export async function keepReport(report: BenchReport): Promise<string> {
  await mkdir(RESULTS, { recursive: true });
  const file = join(RESULTS, `${report.bench}.json`);
  await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
  return file;
}
