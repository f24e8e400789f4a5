import { run } from "./run.ts";

/** Runs the command line of this process and sets its exit code; a signal interrupts the work, which ends in order. */
export async function program(): Promise<void> {
  const stop = new AbortController();
  let exitCode: number | undefined;
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      exitCode = code;
      stop.abort();
    });
  }
  const { stdout, stderr } = process;
  const ended = await run(
    process.argv.slice(2),
    { stdout, stderr, environment: process.env, directory: process.cwd() },
    stop.signal,
  );
  process.exitCode = ended === 0 ? 0 : (exitCode ?? ended);
}
