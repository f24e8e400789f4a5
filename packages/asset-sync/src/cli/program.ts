import { setFlagsFromString } from "node:v8";

import { interruption, INTERRUPTING } from "./failure.ts";
import { untilReaderLeaves } from "./reader.ts";
import { run } from "./run.ts";

/**
 * How freely the engine takes memory: a build machine has other things to do with it, and what a sync makes is mostly
 * used at once. Without these a hundred thousand files cost twice as much.
 */
const FRUGAL = ["--max-semi-space-size=1", "--semi-space-growth-factor=1", "--heap-growing-percent=20"] as const;

/** Runs the command line of this process and sets its exit code; a signal interrupts the work, which ends in order. */
export async function program(): Promise<void> {
  for (const flag of FRUGAL) setFlagsFromString(flag);
  const stop = new AbortController();
  for (const signal of INTERRUPTING) process.once(signal, () => stop.abort(interruption(signal)));
  const stdout = untilReaderLeaves(process.stdout);
  const stderr = untilReaderLeaves(process.stderr);
  process.exitCode = await run(
    process.argv.slice(2),
    { stdout, stderr, environment: process.env, directory: process.cwd() },
    stop.signal,
  );
}
