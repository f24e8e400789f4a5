import { interruption, INTERRUPTING } from "./failure.ts";
import { untilReaderLeaves } from "./reader.ts";
import { run } from "./run.ts";

/** Runs the command line of this process and sets its exit code; a signal interrupts the work, which ends in order. */
export async function program(): Promise<void> {
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
