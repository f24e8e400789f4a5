import { execFile } from "node:child_process";
import { release, type } from "node:os";
import { promisify } from "node:util";

import { busyRemark, describeMachine } from "./machine.ts";
import type { BenchOptions } from "./options.ts";
import type { BenchReport } from "./report.ts";
import { NotReadyError, type Bench } from "./result.ts";

const execute = promisify(execFile);

/** What may differ from the commit that a report names: pages, and what runs before this one have left. */
const WITHOUT_EFFECT = ["bench/results", "docs", "*.md"];

/**
 * Runs a benchmark in this process, on a machine that is quiet.
 * @throws NotReadyError where it is not, unless `--anyway` was given; then the report says so.
 */
export async function runHere(bench: Bench, options: BenchOptions): Promise<BenchReport> {
  const machine = await describeMachine(!options.anyway);
  const busy = busyRemark(machine);
  if (busy !== undefined && !options.anyway) throw new NotReadyError(`${busy}; --anyway measures all the same`);
  const start = performance.now();
  const { versions, timings, figures, remarks = [] } = await bench(options);
  const chosen = options.rounds === undefined ? [] : [`each case ran ${options.rounds} times at most (--rounds)`];
  return {
    bench: options.foreign === undefined ? options.bench : `${options.bench}-${options.foreign}-foreign`,
    at: new Date().toISOString(),
    revision: await revisionOf(import.meta.dirname),
    machine,
    seconds: Math.round((performance.now() - start) / 1_000),
    versions: { [type()]: kernelVersion(), node: process.version, ...versions },
    remarks: [...(busy === undefined ? [] : [busy]), ...chosen, ...remarks],
    timings,
    figures,
  };
}

/** Without what a distribution or a vendor has put behind it. */
function kernelVersion(): string {
  return /^\d+\.\d+/.exec(release())?.[0] ?? release();
}

async function revisionOf(folder: string): Promise<string> {
  const git = async (...words: readonly string[]) =>
    execute("git", ["-C", folder, ...words]).then(
      ({ stdout }) => stdout.trim(),
      () => "",
    );
  const changed = await git("status", "--porcelain", ":/", ...WITHOUT_EFFECT.map((path) => `:(top,exclude)${path}`));
  return `${await git("rev-parse", "--short", "HEAD")}${changed === "" ? "" : "+"}`;
}
