import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import type { BenchOptions } from "./options.ts";
import { goOnUnlessAsked } from "./interruption.ts";
import type { BenchReport } from "./report.ts";
import { NotReadyError } from "./result.ts";

/**
 * Runs a benchmark in a process of its own, with the sources of a checkout, and gives its report.
 * @throws NotReadyError when it fails; what it says goes to standard error as it is said.
 */
export async function runElsewhere(
  checkout: string,
  { bench, rounds, foreign, anyway }: BenchOptions,
): Promise<BenchReport> {
  const flags = [
    ...(rounds === undefined ? [] : ["--rounds", String(rounds)]),
    ...(foreign === undefined ? [] : ["--foreign", String(foreign)]),
    ...(anyway ? ["--anyway"] : []),
  ];
  const program = join(checkout, "bench", "src", "main.ts");
  const child = spawn(process.execPath, ["--conditions=source", program, bench, "--json", ...flags], {
    cwd: checkout,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const said = await text(child.stdout);
  const code = await ended;
  goOnUnlessAsked();
  if (code !== 0) throw new NotReadyError(`${bench} ended with exit code ${code} in ${checkout}: it says why above`);
  return JSON.parse(said) as BenchReport;
}
