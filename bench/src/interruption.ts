import { constants } from "node:os";

/** A signal has asked the run to end. */
export class InterruptedError extends Error {
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

let caught: NodeJS.Signals | undefined;

/** From here on INT and TERM let the run clean up what it has made; a second one ends it as it would have ended without this. */
export function endWhenAsked(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => (caught = signal));
}

/** What has been asked for; undefined where nothing has. */
export function interruption(): InterruptedError | undefined {
  return caught === undefined ? undefined : new InterruptedError(caught);
}

/** @throws InterruptedError where a signal has asked for the end */
export function goOnUnlessAsked(): void {
  const error = interruption();
  if (error !== undefined) throw error;
}
