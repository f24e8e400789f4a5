import { codeOf, EntrypointError, isBug, reasonOf } from "../errors.ts";
import { backOff, openDeadline, paced, pause } from "../process/patience.ts";
import type { TaskContext } from "./context.ts";
import { openProbe } from "./probe/probe.ts";

/** Waits until an address answers. */
export interface WaitForTask {
  readonly task: "wait-for";
  /** Of one of `WAIT_SCHEMES`. */
  readonly url: string;
  readonly deadlineMs: number;
  /** What all waits of a start may take together. */
  readonly totalMs: number | undefined;
  /** Whether a database server that has no database of that name yet is waited for further. */
  readonly missing: "wait" | "accept";
}

/**
 * Asks again and again, with growing pauses, until the address is ready.
 * @throws EntrypointError `ENTRYPOINT_WAIT_DEADLINE` with the last reason; the desk's error when stopped
 */
export async function waitFor(task: WaitForTask, context: TaskContext): Promise<string> {
  const { address, probe } = openProbe(task.url);
  const limit = limitOf(task, context);
  using deadline = openDeadline(limit.ms, context.desk.stopped);
  let reason = "no answer yet";
  const report = paced((seconds) => {
    context.emit({ type: "waiting", task: task.task, subject: address, reason, seconds });
  });
  // One try may take long too: a name that is answered late, a server that takes connections and says nothing.
  const telling = setInterval(report, 1_000);
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await probe(deadline.signal);
        return "ready";
      } catch (error) {
        deadline.signal.throwIfAborted();
        if (isHopeless(error)) throw error;
        if (task.missing === "accept" && codeOf(error) === "ENTRYPOINT_DATABASE_MISSING")
          return "ready, without a database yet";
        reason = reasonOf(error);
      }
      await pause(backOff(attempt), deadline.signal);
    }
  } catch (error) {
    context.desk.check();
    if (!deadline.expired()) throw error;
    throw new EntrypointError("ENTRYPOINT_WAIT_DEADLINE", {
      message: `${address} was not ready within ${limit.shown}: ${reason}`,
      cause: error,
    });
  } finally {
    clearInterval(telling);
    context.waited.ms += deadline.elapsed() * 1000;
  }
}

/** Its own deadline, or what earlier waits have left of the time for all. */
function limitOf(
  { deadlineMs, totalMs }: WaitForTask,
  { waited }: TaskContext,
): { readonly ms: number; readonly shown: string } {
  const left = Math.max(1, (totalMs ?? Number.POSITIVE_INFINITY) - waited.ms);
  if (left >= deadlineMs) return { ms: deadlineMs, shown: `${String(deadlineMs / 1000)} s` };
  return { ms: left, shown: `the ${(left / 1000).toFixed(1)} s that were left of waitDeadline` };
}

/** What asking again cannot mend: a bug of ours, or a certificate that is not in the image. */
function isHopeless(error: unknown): boolean {
  return isBug(error) || (error instanceof EntrypointError && error.code === "ENTRYPOINT_DATABASE_TLS");
}
