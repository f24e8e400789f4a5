import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { busyRemark, describeMachine } from "./machine.ts";
import type { BenchOptions } from "./options.ts";
import type { BenchReport } from "./report.ts";
import { NotReadyError, type Bench } from "./result.ts";

const execute = promisify(execFile);

/**
 * Runs a benchmark in this process, on a machine that is quiet.
 * @throws NotReadyError where it is not, unless `--anyway` was given; then the report says so.
 */
export async function runHere(bench: Bench, options: BenchOptions): Promise<BenchReport> {
  const machine = await describeMachine(!options.anyway);
  const busy = busyRemark(machine);
  if (busy !== undefined && !options.anyway) throw new NotReadyError(`${busy}; --anyway measures all the same`);
  const { versions, timings, figures, remarks = [] } = await bench(options);
  return {
    bench: options.foreign === undefined ? options.bench : `${options.bench}-${options.foreign}-foreign`,
    at: new Date().toISOString(),
    revision: await revisionOf(import.meta.dirname),
    machine,
    versions: { node: process.version, ...versions },
    remarks: [...(busy === undefined ? [] : [busy]), ...remarks],
    timings,
    figures,
  };
}

async function revisionOf(folder: string): Promise<string> {
  const git = async (...words: readonly string[]) =>
    execute("git", ["-C", folder, ...words]).then(
      ({ stdout }) => stdout.trim(),
      () => "",
    );
  const changed = await git("status", "--porcelain", "--untracked-files=no", ":/packages", ":/bench/src");
  return `${await git("rev-parse", "--short", "HEAD")}${changed === "" ? "" : "+"}`;
}
