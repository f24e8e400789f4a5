import { elect, type ActResult, type ElectionWait } from "../election/elect.ts";
import { leaseTimes } from "../election/lease.ts";
import { openStore } from "../election/open-store.ts";
import { ownName } from "../election/own-name.ts";
import type { ElectionOutcome } from "../election/protocol.ts";
import type { ElectionStore } from "../election/store.ts";
import { EntrypointError } from "../errors.ts";
import { paced, type Deadline } from "../process/patience.ts";
import { deadlineError, failedError, runToEnd } from "./command-task.ts";
import type { TaskContext } from "./context.ts";
import { describeWait, electionLost, failedElsewhere, noAnswer, unelected } from "./election-messages.ts";

/** A command that one container of a release runs, and what decides which. */
export interface ElectedCommand {
  readonly task: string;
  readonly run: readonly string[];
  /** The command as it is printed, without the values of variables. */
  readonly shown: string;
  /** Of one of `ELECTION_SCHEMES`: where the election is held. */
  readonly election: string;
  readonly deadlineMs: number;
  /** A release that failed this often is not tried again. */
  readonly tries: number;
  /** After how long a leader that is not heard of is replaced. */
  readonly leaseMs: number;
  /** What the election remembers it by. */
  readonly name: string;
}

/** This container's part in an election. */
export interface Candidacy {
  readonly task: ElectedCommand;
  /** Its release is what the election remembers; without one containers run the command one after the other. */
  readonly context: TaskContext;
  readonly deadline: Deadline;
  /** What the leader does before the command; resolves to the command's environment. */
  readonly prepare?: (signal: AbortSignal) => Promise<NodeJS.ProcessEnv>;
}

/**
 * Takes part in the election and runs the command if it is this container's to run.
 * @returns `run here`, or who has run it
 * @throws EntrypointError `ENTRYPOINT_TASK_FAILED` with the command's exit code, `ENTRYPOINT_RELEASE_FAILED` when it
 * failed elsewhere, one of `ENTRYPOINT_ELECTION_…`, what `prepare` throws; the desk's error when stopped
 */
export async function takePart(candidacy: Candidacy): Promise<string> {
  const { task, context, deadline } = candidacy;
  if (context.release === undefined) {
    const message =
      "no release id (--release, ENTRYPOINT_RELEASE or a receipt): containers run it one after the other, each once";
    context.emit({ type: "note", task: task.task, message });
  }
  const ballot = { task: task.name, release: context.release, holder: await ownName() };
  const store = await openStore(task.election, ballot, task.leaseMs);
  let last: ElectionWait = { leader: undefined, error: "no answer" };
  const report = paced((seconds) => {
    const subject = `election at ${store.address}`;
    context.emit({ type: "waiting", task: task.task, subject, reason: describeWait(last), seconds });
  });
  const acting: Acting = { store, error: undefined };
  try {
    const outcome = await elect({
      store,
      rules: { remember: context.release !== undefined, tries: task.tries, leaseMs: task.leaseMs },
      signal: deadline.signal,
      act: (stop) => act(candidacy, acting, stop),
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
  /** Why it failed here. */
  error: EntrypointError | undefined;
}

/** The part of the leader. `stop` aborts when the lock was lost. */
async function act(candidacy: Candidacy, acting: Acting, stop: AbortSignal): Promise<ActResult> {
  const { task, context, deadline, prepare } = candidacy;
  let hasBegun = false;
  try {
    const signal = AbortSignal.any([stop, deadline.signal]);
    const env = (await prepare?.(signal)) ?? context.env;
    hasBegun = true;
    const kill = soonAfter(stop, leaseTimes(task.leaseMs).stopMs);
    const result = await runToEnd({ argv: task.run, env, stop: signal, kill }, context);
    if (deadline.expired()) throw deadlineError(task.shown, task.deadlineMs);
    if (result.exitCode === 0) return { type: "succeeded" };
    throw failedError(task.shown, result);
  } catch (error) {
    if (context.desk.stopped.aborted || stop.aborted) return { type: "interrupted" };
    acting.error = knownError(error, candidacy, acting.store);
    // Before the command ran nothing can be said of the release: another container may have more luck.
    if (!hasBegun || error === deadline.signal.reason) return { type: "interrupted" };
    const { message, exitCode } = acting.error;
    return { type: "failed", failure: { message, exitCode } };
  }
}

/** What keeps the leader from its end. */
function knownError(error: unknown, { task, deadline }: Candidacy, store: ElectionStore): EntrypointError {
  if (error instanceof EntrypointError) return error;
  if (error === deadline.signal.reason) return noAnswer(task, store, error);
  throw error;
}

/** A leader without its lock must be through within its lease, whatever its task makes of TERM. */
function soonAfter(signal: AbortSignal, ms: number): AbortSignal {
  const later = new AbortController();
  signal.addEventListener("abort", () => setTimeout(() => later.abort(), ms).unref(), { once: true });
  return later.signal;
}

function settle(outcome: ElectionOutcome, task: ElectedCommand, own: Own): string {
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
