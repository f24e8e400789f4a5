/** Exit codes of a container beside the app's own, as shells and container engines use them. */
export const EXIT_CODES = {
  usage: 2,
  releaseFailed: 123,
  ownFailure: 125,
  notExecutable: 126,
  notFound: 127,
  killed: 137,
  signalBase: 128,
} as const;

/** The exit code a shell would report: the program's own, or 128 + the number of the signal that ended it. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  if (signal !== null) return EXIT_CODES.signalBase + process.getBuiltinModule("node:os").constants.signals[signal];
  return code ?? EXIT_CODES.ownFailure;
}

/** Exit codes that are turned into others. */
export type ExitCodeMap = ReadonlyMap<number, number>;
