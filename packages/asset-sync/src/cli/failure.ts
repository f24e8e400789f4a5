import { AssetSyncError } from "../errors.ts";
import { printer, type Terminal } from "./terminal.ts";

/** How a signal ends the program: the shell's convention of 128 and its number. */
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** The signals that interrupt the work. */
export const INTERRUPTING: readonly (keyof typeof SIGNAL_EXIT_CODES)[] = ["SIGINT", "SIGTERM"];

/** The reason to abort the work with when a signal came; it says which one to {@link reportFailure}. */
export function interruption(signal: keyof typeof SIGNAL_EXIT_CODES): DOMException {
  return new DOMException(signal, "AbortError");
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: number;
}

/**
 * Says what went wrong and returns the exit code; with `--json` in an error line and a summary after it. A bug of ours
 * keeps its stack, so that it can be reported.
 */
export function reportFailure(error: unknown, terminal: Terminal, json: boolean, signal: AbortSignal): number {
  const { code, message, hint, exitCode } = describe(error, signal);
  const out = printer(terminal, { json });
  out.error(`asset-sync: ${message}\n${hint}\n[${code}]`);
  out.json({ type: "error", code, message, hint, exitCode });
  out.json({ type: "summary", exitCode });
  return exitCode;
}

const INTERRUPTED = new AssetSyncError("ASSET_SYNC_INTERRUPTED", "The run was interrupted.");

function describe(error: unknown, signal: AbortSignal): Failure {
  const interrupted = signal.aborted ? signalExitCode(signal.reason) : undefined;
  // Work that has nothing to say of its interruption passes the signal's reason on.
  const failure = interrupted !== undefined && error === signal.reason ? INTERRUPTED : error;
  if (failure instanceof AssetSyncError) {
    const { code, message, hint, exitCode } = failure;
    return { code, message, hint, exitCode: interrupted ?? exitCode };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "BUG", message, hint: "This is a bug of asset-sync: please report it.", exitCode: interrupted ?? 1 };
}

function signalExitCode(reason: unknown): number | undefined {
  const name = INTERRUPTING.find((each) => reason instanceof DOMException && reason.message === each);
  return name === undefined ? undefined : SIGNAL_EXIT_CODES[name];
}
