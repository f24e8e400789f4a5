import { EntrypointError, isBug } from "../errors.ts";
import { reasonOf } from "../election/postgres/connection.ts";
import { backOff, openDeadline, paced, pause } from "../process/patience.ts";
import type { TaskContext } from "./context.ts";
import { openProbe } from "./probe.ts";

/** Waits until an address answers. */
export interface WaitForTask {
  readonly task: "wait-for";
  /** `postgres://`, `tcp://`, `http(s)://` or `file:///`. */
  readonly url: string;
  readonly deadlineMs: number;
}

/**
 * Asks again and again, with growing pauses, until the address is ready.
 * @throws EntrypointError `ENTRYPOINT_WAIT_DEADLINE` with the last reason; the desk's error when stopped
 */
export async function waitFor(task: WaitForTask, context: TaskContext): Promise<string> {
  const { address, probe } = openProbe(task.url);
  using deadline = openDeadline(task.deadlineMs, context.desk.stopped);
  let reason = "no answer yet";
  const report = paced((seconds) => {
    context.emit({ type: "waiting", task: task.task, subject: address, reason, seconds });
  });
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await probe(deadline.signal);
        return "ready";
      } catch (error) {
        deadline.signal.throwIfAborted();
        if (isHopeless(error)) throw error;
        reason = reasonOf(error);
      }
      report();
      await pause(backOff(attempt), deadline.signal);
    }
  } catch (error) {
    context.desk.check();
    if (!deadline.expired()) throw error;
    throw new EntrypointError("ENTRYPOINT_WAIT_DEADLINE", {
      message: `${address} was not ready within ${String(task.deadlineMs / 1000)} s: ${reason}`,
      cause: error,
    });
  }
}

/** What asking again cannot mend: a bug of ours, or a certificate that is not in the image. */
function isHopeless(error: unknown): boolean {
  return isBug(error) || (error instanceof EntrypointError && error.code === "ENTRYPOINT_DATABASE_TLS");
}
