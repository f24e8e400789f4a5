/** What is remembered of a task of a release. */
export interface ElectionRecord {
  /** `stopped`: its holder has ended the task before its end and said so. */
  readonly state: "running" | "stopped" | "done" | "failed";
  /** Who ran or runs it: `host:pid`. */
  readonly holder: string;
  /** How often it failed so far. */
  readonly failures: number;
  /** Of a failure: what its container said, and its exit code. */
  readonly message: string;
  readonly exitCode: number;
  /** Seconds since it was begun, or how long it took. */
  readonly seconds: number;
}

/** What a candidate finds in the back end. */
export interface Reading {
  readonly record: ElectionRecord | undefined;
  /** Milliseconds since a holder that runs the task, of whatever release, was last heard of; infinite when there is none. */
  readonly silentMs: number;
}

/** Why the task failed here. */
export interface Failure {
  readonly message: string;
  readonly exitCode: number;
}

/** What can happen to a candidate. */
export type ElectionEvent =
  | { readonly type: "connected" }
  | ({ readonly type: "read" } & Reading)
  | { readonly type: "locked" }
  | { readonly type: "busy" }
  | { readonly type: "free" }
  | { readonly type: "waited" }
  | { readonly type: "recorded" }
  | { readonly type: "succeeded" }
  | { readonly type: "failed"; readonly failure: Failure }
  /** The task was ended by a signal to this container: neither done nor failed. */
  | { readonly type: "interrupted" }
  /** The connection that holds the lock is gone. */
  | { readonly type: "lost"; readonly reason: string };

/** What a candidate has its driver do; each but `finish` is answered by an event. */
export type ElectionEffect =
  | { readonly type: "connect" }
  | { readonly type: "read" }
  | { readonly type: "try-lock" }
  | { readonly type: "wait-free" }
  | { readonly type: "wait-silent"; readonly ms: number }
  | { readonly type: "record-running"; readonly failures: number }
  | { readonly type: "act" }
  | { readonly type: "stop-task" }
  | { readonly type: "record-stopped"; readonly failures: number }
  | { readonly type: "record-done"; readonly failures: number }
  | { readonly type: "record-failed"; readonly failures: number; readonly failure: Failure }
  | { readonly type: "finish"; readonly outcome: ElectionOutcome };

/** How an election ended for this candidate. */
export type ElectionOutcome =
  | { readonly type: "led" }
  | { readonly type: "followed"; readonly record: ElectionRecord }
  | { readonly type: "failed"; readonly failure: Failure }
  /** It failed elsewhere: while this candidate waited, or too often before. */
  | { readonly type: "failed-elsewhere"; readonly record: ElectionRecord }
  | { readonly type: "interrupted" }
  /** `unrecorded`: the task was done, but that could not be written down. */
  | { readonly type: "lost"; readonly reason: string; readonly unrecorded?: true };

/** Where a candidate stands. */
export interface Candidate {
  readonly phase:
    | "connecting"
    | "reading"
    | "locking"
    | "waiting"
    | "reading-locked"
    | "settling"
    | "announcing"
    | "acting"
    | "stopping"
    | "recording"
    | "ended";
  /** Failures the first record told of; more than these happened while this candidate watched. */
  readonly failuresAtStart: number | undefined;
  readonly failures: number;
  /** What is to be said at the end, when it is known before. */
  readonly verdict: ElectionOutcome | undefined;
}

/** The rules of one election. */
export interface ElectionRules {
  /** Without a release there is nothing to remember: the lock only puts the candidates in a row. */
  readonly remember: boolean;
  /** A release that failed this often is not tried again. */
  readonly tries: number;
  /** How long a leader that was heard of may still act; see `leaseTimes`. */
  readonly leaseMs: number;
}

/** A candidate and what it wants done next. */
export interface Step {
  readonly candidate: Candidate;
  readonly effect: ElectionEffect | undefined;
}

/** A candidate that has not begun: its first effect is to connect. */
export function begin(): Step {
  const candidate: Candidate = { phase: "connecting", failuresAtStart: undefined, failures: 0, verdict: undefined };
  return { candidate, effect: { type: "connect" } };
}

/**
 * The protocol: once per release, by a lock that goes when its holder is gone and a record that outlives it.
 *
 * A candidate acts only while it holds the lock and has read, under the lock, that the task is not done. A record that
 * still says `running` while the lock is free means that its holder died or was cut off: the next to get the lock takes
 * over when nothing has been heard of that holder for a lease, because a holder that was cut off may act that long.
 * A failure that happens while a candidate waits ends that candidate too; one that is remembered from before may be tried
 * again until `tries` is reached; that a holder was gone counts as a failure. Losing the lock while acting stops the task
 * before anything else.
 */
export function advance(candidate: Candidate, event: ElectionEvent, rules: ElectionRules): Step {
  if (event.type === "lost") return afterLoss(candidate, event.reason);
  return PHASES[candidate.phase](candidate, event, rules) ?? ignored(candidate, event);
}

/** What an event leads to in a phase; `undefined` when it cannot happen there. */
type Phase = (candidate: Candidate, event: ElectionEvent, rules: ElectionRules) => Step | undefined;

const PHASES: Readonly<Record<Candidate["phase"], Phase>> = {
  connecting: (candidate, event) =>
    event.type === "connected" ? move(candidate, "reading", { type: "read" }) : undefined,
  reading: (candidate, event, rules) =>
    event.type === "read" ? afterRead(candidate, event, rules, "locking") : undefined,
  locking: (candidate, event) => {
    if (event.type === "locked") return move(candidate, "reading-locked", { type: "read" });
    return event.type === "busy" ? move(candidate, "waiting", { type: "wait-free" }) : undefined;
  },
  waiting: (candidate, event) => (event.type === "free" ? move(candidate, "reading", { type: "read" }) : undefined),
  settling: (candidate, event) =>
    event.type === "waited" ? move(candidate, "reading-locked", { type: "read" }) : undefined,
  "reading-locked": (candidate, event, rules) =>
    event.type === "read" ? afterRead(candidate, event, rules, "announcing") : undefined,
  announcing: (candidate, event) =>
    event.type === "recorded" ? move(candidate, "acting", { type: "act" }) : undefined,
  acting: afterAct,
  stopping: (candidate, event) => (isEnd(event) ? finish(candidate, candidate.verdict) : undefined),
  recording: (candidate, event) => (event.type === "recorded" ? finish(candidate, candidate.verdict) : undefined),
  ended: (candidate) => ({ candidate, effect: undefined }),
};

function afterRead(
  before: Candidate,
  { record, silentMs }: Reading,
  rules: ElectionRules,
  next: "locking" | "announcing",
): Step {
  const known = rules.remember ? record : undefined;
  const failures = known?.failures ?? 0;
  const failuresAtStart = before.failuresAtStart ?? failures;
  const candidate: Candidate = { ...before, failures, failuresAtStart };
  if (known?.state === "done") return finish(candidate, { type: "followed", record: known });
  if (known?.state === "failed" && (failures > failuresAtStart || failures >= rules.tries)) {
    return finish(candidate, { type: "failed-elsewhere", record: known });
  }
  return next === "locking"
    ? move(candidate, next, { type: "try-lock" })
    : afterLock(candidate, { record, silentMs }, rules);
}

/** The lock is held and the task is not done. */
function afterLock(candidate: Candidate, { record, silentMs }: Reading, rules: ElectionRules): Step {
  const ms = rules.leaseMs - silentMs;
  if (ms > 0) return move(candidate, "settling", { type: "wait-silent", ms });
  return record?.state === "running" && rules.remember ? takeOver(candidate, record, rules) : announce(candidate);
}

function announce(candidate: Candidate): Step {
  return move(candidate, "announcing", { type: "record-running", failures: candidate.failures });
}

/** A task whose container dies each time would be tried for ever if that were no failure. */
function takeOver(before: Candidate, dead: ElectionRecord, { tries }: ElectionRules): Step {
  const failures = dead.failures + 1;
  const candidate: Candidate = { ...before, failures };
  if (failures < tries) return announce(candidate);
  const record: ElectionRecord = { ...dead, state: "failed", failures, ...DIED };
  const verdict: ElectionOutcome = { type: "failed-elsewhere", record };
  return move({ ...candidate, verdict }, "recording", { type: "record-failed", failures, failure: DIED });
}

/** What is written down for a holder that cannot do it. */
const DIED: Failure = { message: "its container was gone before the task had ended", exitCode: 137 };

function afterAct(candidate: Candidate, event: ElectionEvent): Step | undefined {
  const { failures } = candidate;
  if (event.type === "succeeded") {
    return move({ ...candidate, verdict: { type: "led" } }, "recording", { type: "record-done", failures });
  }
  if (event.type === "failed") {
    const { failure } = event;
    const verdict: ElectionOutcome = { type: "failed", failure };
    return move({ ...candidate, verdict }, "recording", { type: "record-failed", failures: failures + 1, failure });
  }
  if (event.type !== "interrupted") return undefined;
  return move({ ...candidate, verdict: { type: "interrupted" } }, "recording", { type: "record-stopped", failures });
}

function afterLoss(candidate: Candidate, reason: string): Step {
  const verdict: ElectionOutcome = { type: "lost", reason };
  const { phase } = candidate;
  if (phase === "ended") return { candidate, effect: undefined };
  if (phase === "acting") return move({ ...candidate, verdict }, "stopping", { type: "stop-task" });
  if (phase === "stopping") return move(candidate, "stopping", { type: "stop-task" });
  if (phase !== "recording") return move(candidate, "connecting", { type: "connect" });
  if (candidate.verdict?.type === "led") return finish(candidate, { ...verdict, unrecorded: true });
  return finish(candidate, candidate.verdict);
}

function isEnd(event: ElectionEvent): boolean {
  return event.type === "succeeded" || event.type === "failed" || event.type === "interrupted";
}

function move(candidate: Candidate, phase: Candidate["phase"], effect: ElectionEffect): Step {
  return { candidate: { ...candidate, phase }, effect };
}

function finish(candidate: Candidate, outcome: ElectionOutcome | undefined): Step {
  if (outcome === undefined) throw new Error(`a candidate that is ${candidate.phase} has no outcome`);
  return { candidate: { ...candidate, phase: "ended" }, effect: { type: "finish", outcome } };
}

function ignored(candidate: Candidate, event: ElectionEvent): never {
  throw new Error(`a candidate that is ${candidate.phase} cannot take the event ${event.type}`);
}
