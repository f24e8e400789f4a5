import { EntrypointError } from "../errors.ts";
import { elect, type ActResult, type ElectionWait } from "../election/elect.ts";
import { openStore } from "../election/open-store.ts";
import type { ElectionOutcome } from "../election/protocol.ts";
import type { ElectionStore } from "../election/store.ts";
import { openDeadline, paced, type Deadline } from "../process/patience.ts";
import { deadlineError, failedError, runToEnd } from "./command-task.ts";
import type { TaskContext } from "./context.ts";
import { describeWait, outcomeError, unelected } from "./election-messages.ts";
import { migrationEnvironment, waitForRails } from "./migration-session.ts";

/** Runs a command once per release; every other container waits for it. */
export interface MigrateTask {
  readonly task: "migrate";
  readonly run: readonly string[];
  /** `postgres://` or `file:///`: where the election is held. */
  readonly election: string;
  readonly deadlineMs: number;
  /** A release that failed this often is not tried again. */
  readonly tries: number;
  /** What the election remembers it by. */
  readonly name: string;
}

/**
 * Takes part in the election and runs the command if it is this container's to run.
 * @throws EntrypointError `ENTRYPOINT_TASK_FAILED` with the command's exit code, `ENTRYPOINT_RELEASE_FAILED` when it
 * failed elsewhere, one of `ENTRYPOINT_ELECTION_…`, `ENTRYPOINT_RAILS_LOCK_HELD`; the desk's error when stopped
 */
export async function migrate(task: MigrateTask, context: TaskContext): Promise<string> {
  if (context.release === undefined) {
    const message = "no release id (ENTRYPOINT_RELEASE or a receipt): containers run it one after the other, each once";
    context.emit({ type: "note", task: task.task, message });
  }
  const ballot = { task: task.name, release: context.release, holder: context.holder };
  const store = await openStore(task.election, ballot);
  using deadline = openDeadline(task.deadlineMs, context.desk.stopped);
  let last: ElectionWait = { leader: undefined, error: undefined };
  const report = paced((seconds) => {
    const subject = `election at ${store.address}`;
    context.emit({ type: "waiting", task: task.task, subject, reason: describeWait(last), seconds });
  });
  try {
    const outcome = await elect({
      store,
      rules: { remember: context.release !== undefined, tries: task.tries },
      signal: deadline.signal,
      act: (stop) => act(task, context, { store, deadline, stop }),
      onWait: (wait) => {
        last = wait;
        report();
      },
    });
    return settle(outcome, task, context);
  } catch (error) {
    context.desk.check();
    if (deadline.expired() && !(error instanceof EntrypointError)) throw unelected(task, store, last, error);
    throw error;
  }
}

interface Acting {
  readonly store: ElectionStore;
  readonly deadline: Deadline;
  /** Aborts when the lock was lost. */
  readonly stop: AbortSignal;
}

async function act(task: MigrateTask, context: TaskContext, { store, deadline, stop }: Acting): Promise<ActResult> {
  try {
    const signal = AbortSignal.any([stop, deadline.signal]);
    await waitForRails(store, { task, context, deadline, signal });
    const env = await migrationEnvironment(store, context.env);
    const result = await runToEnd({ argv: task.run, env, stop: signal }, context);
    if (deadline.expired()) throw deadlineError(task.run, task.deadlineMs);
    if (result.exitCode === 0) return { type: "succeeded" };
    throw failedError(task.run, result);
  } catch (error) {
    if (context.desk.stopped.aborted || stop.aborted) return { type: "interrupted" };
    if (!(error instanceof EntrypointError)) throw error;
    return { type: "failed", failure: { message: error.message, exitCode: error.exitCode } };
  }
}

function settle(outcome: ElectionOutcome, task: MigrateTask, context: TaskContext): string {
  if (outcome.type === "led") return "run here";
  if (outcome.type === "followed") return `done by ${outcome.record.holder}`;
  context.desk.check();
  throw outcomeError(outcome, task, context.release);
}
