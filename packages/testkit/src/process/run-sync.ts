import { spawnSync } from "node:child_process";

/** How a program ended, and all that it wrote. */
export interface SyncEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a program to its end. */
export interface SyncOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Its standard input, which is empty otherwise. */
  readonly input?: string;
  /** Milliseconds after which it is killed; a minute when not given. */
  readonly limitMs?: number;
}

const LIMIT_MS = 60_000;
const MAX_OUTPUT_BYTES = 64 * 2 ** 20;

/**
 * Runs a program to its end. A runner's own limits cannot end a test that blocks its thread, so this one kills what hangs and
 * throws, naming it; it throws as well when the program cannot be started.
 */
export function runSync(command: string, args: readonly string[], options: SyncOptions = {}): SyncEnd {
  const { limitMs = LIMIT_MS, ...given } = options;
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    ...given,
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT_BYTES,
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  if (error !== undefined) {
    throw new Error(`${[command, ...args].join(" ")} (${error.message}), after it said:\n${stdout}${stderr}`);
  }
  return { status, stdout, stderr };
}

/** What a program wrote to standard output; throws with its standard error when it does not end with 0. */
export function outputOf(command: string, args: readonly string[], options: SyncOptions = {}): string {
  const { status, stdout, stderr } = runSync(command, args, options);
  if (status !== 0) throw new Error(`${command} ended with ${String(status)}: ${stderr}`);
  return stdout;
}
