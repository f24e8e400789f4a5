import { EntrypointError } from "../errors.ts";
import { elect, type ActResult, type ElectionWait } from "../election/elect.ts";
import { openStore } from "../election/open-store.ts";
import { leaseTimes } from "../election/lease.ts";
import type { ElectionOutcome } from "../election/protocol.ts";
import type { ElectionStore } from "../election/store.ts";
import { openDeadline, paced, type Deadline } from "../process/patience.ts";
import { checkSchema, verifySchema, waitForSchema } from "./check-schema.ts";
import { deadlineError, failedError, runToEnd } from "./command-task.ts";
import type { TaskContext } from "./context.ts";
import { describeWait, electionLost, failedElsewhere, noAnswer, unelected } from "./election-messages.ts";
import type { MigrateTask } from "./migrate-task.ts";
import { migrationEnvironment, waitForRails } from "./migration-session.ts";

/**
 * Takes part in the election and runs the command if it is this container's to run.
 * @throws EntrypointError `ENTRYPOINT_TASK_FAILED` with the command's exit code, `ENTRYPOINT_RELEASE_FAILED` when it
 * failed elsewhere, one of `ENTRYPOINT_ELECTION_…`, `ENTRYPOINT_RAILS_LOCK_HELD`; the desk's error when stopped
 */
export async function migrate(task: MigrateTask, context: TaskContext): Promise<string> {
  using deadline = openDeadline(task.deadlineMs, context.desk.stopped);
  if (task.mode === "wait") return await inTime(context, () => waitForSchema(task, context, deadline));
  const settled = await inTime(context, () => checkSchema(task, context, deadline));
  if (settled !== undefined) return settled;
  if (context.release === undefined) {
    const message =
      "no release id (--release, ENTRYPOINT_RELEASE or a receipt): containers run it one after the other, each once";
    context.emit({ type: "note", task: task.task, message });
  }
  const outcome = await takePart(task, context, deadline);
  if (outcome !== "run here") await inTime(context, () => verifySchema(task, context, deadline));
  return outcome;
}

/** Whatever a signal breaks off is said as that signal. */
async function inTime<T>(context: TaskContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    context.desk.check();
    throw error;
  }
}

async function takePart(task: MigrateTask, context: TaskContext, deadline: Deadline): Promise<string> {
  const ballot = { task: task.name, release: context.release, holder: context.holder };
  const store = await openStore(task.election, ballot, task.leaseMs);
  let last: ElectionWait = { leader: undefined, error: "no answer" };
  const report = paced((seconds) => {
    const subject = `election at ${store.address}`;
    context.emit({ type: "waiting", task: task.task, subject, reason: describeWait(last), seconds });
  });
  const acting: Acting = { store, deadline, error: undefined };
  try {
    const outcome = await elect({
      store,
      rules: { remember: context.release !== undefined, tries: task.tries, leaseMs: task.leaseMs },
      signal: deadline.signal,
      act: (stop) => act(task, context, { acting, stop }),
      onWait: (wait) => {
        last = wait;
        report();
      },
    });
    context.desk.check();
    return settle(outcome, task, { release: context.release, error: acting.error });
  } catch (error) {
    context.desk.check();
    if (deadline.expired() && !(error instanceof EntrypointError)) throw unelected(task, store, last, error);
    throw error;
  }
}

interface Acting {
  readonly store: ElectionStore;
  readonly deadline: Deadline;
  /** Why it failed here. */
  error: EntrypointError | undefined;
}

/** The part of the leader. `stop` aborts when the lock was lost. */
async function act(
  task: MigrateTask,
  context: TaskContext,
  { acting, stop }: { readonly acting: Acting; readonly stop: AbortSignal },
): Promise<ActResult> {
  const { store, deadline } = acting;
  try {
    const signal = AbortSignal.any([stop, deadline.signal]);
    await waitForRails(store, { task, context, deadline, signal });
    const env = await migrationEnvironment(store, context.env, signal);
    const kill = soonAfter(stop, leaseTimes(task.leaseMs).stopMs);
    const result = await runToEnd({ argv: task.run, env, stop: signal, kill }, context);
    if (deadline.expired()) throw deadlineError(task.shown, task.deadlineMs);
    if (result.exitCode === 0) return { type: "succeeded" };
    throw failedError(task.shown, result);
  } catch (error) {
    if (context.desk.stopped.aborted || stop.aborted) return { type: "interrupted" };
    const silent = error === deadline.signal.reason;
    if (!silent && !(error instanceof EntrypointError)) throw error;
    const known = error instanceof EntrypointError ? error : noAnswer(task, store, error);
    acting.error = known;
    // Before the command ran nothing can be said of the release: another container may have more luck.
    if (silent || known.code === "ENTRYPOINT_RAILS_LOCK_HELD") return { type: "interrupted" };
    return { type: "failed", failure: { message: known.message, exitCode: known.exitCode } };
  }
}

/** A leader without its lock must be through within its lease, whatever its task makes of TERM. */
function soonAfter(signal: AbortSignal, ms: number): AbortSignal {
  const later = new AbortController();
  signal.addEventListener("abort", () => setTimeout(() => later.abort(), ms).unref(), { once: true });
  return later.signal;
}

function settle(outcome: ElectionOutcome, task: MigrateTask, own: Own): string {
  if (outcome.type === "led") return "run here";
  if (outcome.type === "followed") return `done by ${outcome.record.holder}`;
  if (outcome.type === "failed-elsewhere") throw failedElsewhere(outcome.record, task, own.release);
  if (outcome.type === "lost") throw electionLost(outcome, task);
  throw own.error ?? new Error(`${task.name} ended as ${outcome.type} without a reason`);
}

interface Own {
  readonly release: string | undefined;
  readonly error: EntrypointError | undefined;
}
