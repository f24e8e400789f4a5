import { once } from "node:events";

const controller = new AbortController();

/** Aborts when the user ends the demo; its reason is an `Interrupted`. */
export const interruption: AbortSignal = controller.signal;

/** The demo was ended by a signal. What it had made is removed on the way out. */
class Interrupted extends Error {
  override readonly name: string = "Interrupted";
  /** 128 and the number of the signal. */
  readonly exitCode: number;

  constructor(signal: "SIGINT" | "SIGTERM") {
    super(`ended by ${signal}`);
    this.exitCode = signal === "SIGINT" ? 130 : 143;
  }
}

/** From here on SIGINT and SIGTERM abort {@link interruption} instead of ending the process with everything left behind. */
function watchInterruption(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (!interruption.aborted) process.stderr.write("\nremoving what was made …\n");
      controller.abort(new Interrupted(signal));
    });
  }
}

/** Resolves when the user ends the demo. */
export async function untilInterrupted(): Promise<void> {
  // a listener alone keeps no process alive
  const alive = setInterval(() => undefined, 60_000);
  if (!interruption.aborted) await once(interruption, "abort");
  clearInterval(alive);
}

/** Runs a program's main part; a signal ends it with that signal's exit code, after what it had made is removed. */
export async function runInterruptible(main: () => Promise<number>): Promise<void> {
  watchInterruption();
  process.exitCode = await main().catch((error: unknown) => {
    if (!interruption.aborted) throw error;
    return interruption.reason instanceof Interrupted ? interruption.reason.exitCode : 1;
  });
}
