import { readFileSync } from "node:fs";

import { codeOf, EntrypointError, messageOf } from "../errors.ts";
import { briefName } from "../process/executable.ts";
import { EXIT_CODES } from "../process/exit-codes.ts";

/** The names Go gives signals, which entrykit's messages have. */
const SIGNAL_NAMES: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGHUP: "hangup",
  SIGINT: "interrupt",
  SIGQUIT: "quit",
  SIGILL: "illegal instruction",
  SIGTRAP: "trace/breakpoint trap",
  SIGABRT: "aborted",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGKILL: "killed",
  SIGUSR1: "user defined signal 1",
  SIGSEGV: "segmentation fault",
  SIGUSR2: "user defined signal 2",
  SIGPIPE: "broken pipe",
  SIGALRM: "alarm clock",
  SIGTERM: "terminated",
};

/** How a task ended. */
export interface TaskEnd {
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | null;
}

/** The failure of a task: entrykit's 1, or with `--task-exit-code` the task's own. */
export function taskFailure({ exitCode, signal }: TaskEnd, ownCode: boolean): EntrypointError {
  const message =
    signal === null ? `exit status ${String(exitCode)}` : `signal: ${SIGNAL_NAMES[signal] ?? signal.toLowerCase()}`;
  return new EntrypointError("ENTRYPOINT_ENTRYKIT_TASK", { message, ...(ownCode ? { exitCode } : {}) });
}

/** The signal that an exit code above 128 tells of. */
export function signalOf(exitCode: number): NodeJS.Signals | null {
  const number = exitCode - EXIT_CODES.signalBase;
  const found = Object.entries(process.getBuiltinModule("node:os").constants.signals).find(
    ([, value]) => value === number,
  );
  return (found?.[0] as NodeJS.Signals | undefined) ?? null;
}

/** A failure that is told in entrykit's way. */
export function entrykitError(message: string): EntrypointError {
  return new EntrypointError("ENTRYPOINT_ENTRYKIT_TASK", { message });
}

/** Where a container would answer 126 or 127, entrykit answers 1 with Go's words. */
export function asEntrykit(error: unknown, ownCode: boolean, name: string): unknown {
  if (!(error instanceof EntrypointError)) return error;
  const { code, exitCode } = error;
  const own = ownCode ? { exitCode } : {};
  const said = briefName(name);
  if (code === "ENTRYPOINT_PROGRAM_NOT_FOUND" && !name.includes("/")) {
    const message = `exec: ${JSON.stringify(said)}: executable file not found in $PATH`;
    return new EntrypointError("ENTRYPOINT_ENTRYKIT_TASK", { message, cause: error, ...own });
  }
  if (code === "ENTRYPOINT_PROGRAM_NOT_FOUND" || code === "ENTRYPOINT_PROGRAM_NOT_EXECUTABLE") {
    const message = `exec: ${JSON.stringify(said)}: ${error.message.replace(`${said}: `, "")}`;
    return new EntrypointError("ENTRYPOINT_ENTRYKIT_TASK", { message, cause: error, ...own });
  }
  return error;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  ENOTDIR: "not a directory",
  EISDIR: "is a directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "read-only file system",
  ENOSPC: "no space left on device",
};

/** Why the kernel refused a file, in its own words. */
export function reasonOf(error: unknown): string {
  return REASONS[codeOf(error)] ?? messageOf(error);
}

/** Reads a file of tasks, which may be a pipe, and fails as entrykit does. */
export function readOrFail(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw entrykitError(`open ${path}: ${reasonOf(error)}`);
  }
}
