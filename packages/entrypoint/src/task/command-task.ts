import { EntrypointError } from "../errors.ts";
import { backOff, openDeadline, pause } from "../process/patience.ts";
import { runCommand, type Command, type CommandResult } from "../process/run-command.ts";
import type { TaskContext } from "./context.ts";
import type { RunTask } from "./run-task.ts";

/**
 * Runs the command until it succeeds or the tries are used up.
 * @throws EntrypointError `ENTRYPOINT_TASK_FAILED` with the command's exit code, `ENTRYPOINT_TASK_DEADLINE`; the desk's
 * error when stopped
 */
export async function runTask(task: RunTask, context: TaskContext): Promise<string> {
  using deadline = openDeadline(task.deadlineMs, context.desk.stopped);
  const command = { argv: task.run, env: context.env, stop: deadline.signal };
  for (let attempt = 1; ; attempt += 1) {
    const result = await runToEnd(command, context);
    if (deadline.expired()) throw deadlineError(task.shown, task.deadlineMs);
    if (result.exitCode === 0) return attempt === 1 ? "done" : `done at try ${String(attempt)}`;
    const failed = failedError(task.shown, result);
    if (attempt === task.tries) throw failed;
    context.emit({ type: "note", task: task.task, message: `${failed.message}; trying again` });
    await pause(backOff(attempt), deadline.signal).catch(() => undefined);
    context.desk.check();
    if (deadline.expired()) throw deadlineError(task.shown, task.deadlineMs);
  }
}

/** Runs a command; a signal that stopped the start while it ran is thrown once it has ended. */
export async function runToEnd(command: Command, context: TaskContext): Promise<CommandResult> {
  const { stop, ...own } = command;
  const { toError = false, prefix } = context;
  const rest = { ...own, toError, ...(prefix !== undefined && { prefix }) };
  const { meter } = context;
  meter.commandAt ??= process.uptime();
  // The desk passes its signals on by itself: the command is stopped here for every other reason.
  const result = await runCommand(
    stop === undefined ? rest : { ...rest, stop: unlessStopped(stop, context) },
    context.desk,
  );
  meter.exitCode = result.exitCode;
  if (result.peakMegabytes !== undefined)
    meter.peakMegabytes = Math.max(meter.peakMegabytes ?? 0, result.peakMegabytes);
  context.desk.check();
  return result;
}

function unlessStopped(stop: AbortSignal, context: TaskContext): AbortSignal {
  const own = new AbortController();
  stop.addEventListener("abort", () => {
    if (!context.desk.stopped.aborted) own.abort();
  });
  if (stop.aborted && !context.desk.stopped.aborted) own.abort();
  return own.signal;
}

/** A command's failure, in words. */
export function failedError(command: string, result: CommandResult): EntrypointError {
  const how = result.signal === null ? `ended with ${String(result.exitCode)}` : `was ended by ${result.signal}`;
  return new EntrypointError("ENTRYPOINT_TASK_FAILED", {
    message: `${command} ${how}`,
    exitCode: result.exitCode,
  });
}

/** A command that took too long, in words. */
export function deadlineError(command: string, deadlineMs: number): EntrypointError {
  return new EntrypointError("ENTRYPOINT_TASK_DEADLINE", {
    message: `${command} was stopped: it ran longer than its deadline of ${String(deadlineMs / 1000)} s`,
  });
}
