import type { ChildProcess } from "node:child_process";

import { codeOf, EntrypointError, messageOf } from "../errors.ts";
import { checkWords } from "./argument-space.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { findProgram, searchPathOf } from "./find-program.ts";
import { startLeash } from "./leash.ts";
import { watchPeak } from "./peak-memory.ts";
import { processGroup, type ProcessGroup } from "./process-group.ts";
import { isConcealing } from "./redaction/concealed.ts";
import type { SignalDesk } from "./signal-desk.ts";
import type { ProcessOutput } from "./supervision/output.ts";

/** A command to run to its end. */
export interface Command {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Stops the command when it aborts, as TERM would. */
  readonly stop?: AbortSignal;
  /** Kills the command when it aborts. */
  readonly kill?: AbortSignal;
  /** Standard output is collected instead of passed through. */
  readonly collect?: boolean;
  /** Standard output goes to standard error. */
  readonly toError?: boolean;
  /** Stands before each line of its output, where pipes can be made. */
  readonly prefix?: string;
  /** Default true: the group is killed if this process dies, however it dies. It costs the start of a shell. */
  readonly leashed?: boolean;
}

/** How a command ended. */
export interface CommandResult {
  /** Its own exit code, or 128 + the signal that ended it. */
  readonly exitCode: number;
  /** The signal that ended it, if one did. */
  readonly signal: NodeJS.Signals | null;
  /** Standard output, when collected. */
  readonly output: string;
  /** The most memory its first process was seen with; not known when it ended before it was looked at. */
  readonly peakMegabytes?: number | undefined;
}

const DRAIN_MS = 250;

/**
 * Runs a command in a process group of its own with standard input closed, passes the desk's signals on to the group,
 * and keeps it on a leash. Resolves when the command itself has ended, even if it left a daemon behind.
 * @throws EntrypointError of code 126 or 127 when it cannot be started; the desk's error when a signal came before that
 */
export async function runCommand(command: Command, desk: SignalDesk): Promise<CommandResult> {
  const [name = "", ...rest] = command.argv;
  const program = findProgram(name, searchPathOf(command.env));
  const { spawn } = await import("node:child_process");
  const [argv0 = name, ...before] = program.head;
  checkWords({ argv: [argv0, ...before, ...rest], env: command.env });
  desk.check();
  const output = await censoredOutput(command);
  const leash = command.leashed === false ? undefined : await startLeash();
  try {
    const child = attempt(name, () =>
      spawn(program.file, [...before, ...rest], {
        argv0,
        detached: true,
        env: command.env,
        stdio: stdioOf(command, output),
      }),
    );
    if (child.pid !== undefined) leash?.hold(child.pid);
    return await toTheEnd(child, command, desk);
  } finally {
    output?.finish(0);
    await output?.close();
    await leash?.release();
  }
}

/** Where there are secrets, output comes through this process, so that they are not seen in it. */
async function censoredOutput({ toError = false, prefix }: Command): Promise<ProcessOutput | undefined> {
  if (!isConcealing() && prefix === undefined) return undefined;
  const { openOutput } = await import("./supervision/output.ts");
  const output = await openOutput(prefix === undefined ? "lines" : "prefixed", [prefix ?? ""], toError);
  if (output !== undefined || !isConcealing()) return output;
  throw new EntrypointError("ENTRYPOINT_REDACTION_IMPOSSIBLE", {
    message: "there are secrets, and a task's output cannot be kept clear of them: no pipe can be made",
  });
}

type Stream = "pipe" | "inherit" | number;

function stdioOf(
  { collect = false, toError = false }: Command,
  output: ProcessOutput | undefined,
): ["ignore", Stream, Stream] {
  const [out, error] = output?.streams(0) ?? [toError ? 2 : "inherit", "inherit"];
  return ["ignore", collect ? "pipe" : out, error];
}

async function toTheEnd(child: ChildProcess, command: Command, desk: SignalDesk): Promise<CommandResult> {
  const output = collectOutput(child);
  const ended = ending(command.argv[0] ?? "", child);
  if (child.pid === undefined) return { ...(await ended), output: "" };
  const group = processGroup(child.pid);
  const peak = watchPeak(child.pid);
  const unlisten = listen(group, desk, command);
  const end = await ended;
  const peakMegabytes = peak();
  await group.settle();
  unlisten();
  return { ...end, output: await output(), peakMegabytes };
}

/** Node throws some refusals of the kernel at once and emits the others. */
function attempt<T>(name: string, start: () => T): T {
  try {
    return start();
  } catch (error) {
    throw codeOf(error).startsWith("ERR_") ? error : refused(name, error);
  }
}

function refused(name: string, cause: unknown): EntrypointError {
  return new EntrypointError("ENTRYPOINT_PROGRAM_NOT_EXECUTABLE", {
    message: `${name}: cannot be executed: ${messageOf(cause)}`,
    cause,
  });
}

type Ending = Pick<CommandResult, "exitCode" | "signal">;

function ending(name: string, child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(refused(name, error)));
    child.once("exit", (code, signal) => resolve({ exitCode: exitCodeOf(code, signal), signal }));
  });
}

function listen(group: ProcessGroup, desk: SignalDesk, { stop, kill }: Command): () => void {
  const onStop = (): void => group.signal({ signal: "SIGTERM", effect: "stop" });
  const onKill = (): void => {
    onStop();
    onStop();
  };
  const ends = [desk.forward((row) => group.signal(row)), whenAborted(stop, onStop), whenAborted(kill, onKill)];
  return () => {
    for (const end of ends) end();
  };
}

/** Calls back when the signal aborts, or at once when it has. Returns how to stop that. */
function whenAborted(signal: AbortSignal | undefined, call: () => void): () => void {
  signal?.addEventListener("abort", call, { once: true });
  if (signal?.aborted === true) call();
  return () => signal?.removeEventListener("abort", call);
}

/** Collects until the pipe closes; a daemon that keeps it open after the command's end is waited for only briefly. */
function collectOutput(child: ChildProcess): () => Promise<string> {
  const { stdout } = child;
  if (stdout === null) return () => Promise.resolve("");
  const chunks: Buffer[] = [];
  stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise<void>((resolve) => stdout.once("close", () => resolve()));
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([closed, new Promise<void>((resolve) => (timer = setTimeout(resolve, DRAIN_MS)))]);
    clearTimeout(timer);
    stdout.destroy();
    return Buffer.concat(chunks).toString("utf8");
  };
}
