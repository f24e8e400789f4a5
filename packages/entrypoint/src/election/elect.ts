import { now } from "../process/clock.ts";
import { backOff, pause } from "../process/patience.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { leaseTimes } from "./lease.ts";
import {
  advance,
  begin,
  type ElectionEffect,
  type ElectionEvent,
  type ElectionOutcome,
  type ElectionRecord,
  type ElectionRules,
  type Failure,
} from "./protocol.ts";
import { ElectionLost, type ElectionStore } from "./store.ts";

/** How the task ended where it was run. */
export type ActResult =
  | { readonly type: "succeeded" }
  | { readonly type: "failed"; readonly failure: Failure }
  | { readonly type: "interrupted" };

/** One candidate's part in an election. */
export interface Election {
  readonly store: ElectionStore;
  readonly rules: ElectionRules;
  /** Ends every wait of this candidate, but not the task: `act` sees to that itself. */
  readonly signal: AbortSignal;
  /** Runs the task; `stop` aborts when the lock was lost. */
  readonly act: (stop: AbortSignal) => Promise<ActResult>;
  /** Told every few seconds while another candidate leads, or while the back end cannot be reached. */
  readonly onWait: (wait: ElectionWait) => void;
}

/** Why a candidate waits: who leads, as far as it is known, or what is wrong with the back end. */
export interface ElectionWait {
  readonly leader: ElectionRecord | undefined;
  readonly error: string | undefined;
}

/**
 * Carries the protocol out. The lock is given up before this resolves.
 * @throws the signal's reason when it aborts before the task began; EntrypointError when the back end refuses
 */
export async function elect(election: Election): Promise<ElectionOutcome> {
  const driver = new Driver(election);
  try {
    let { candidate, effect } = begin();
    while (effect !== undefined && effect.type !== "finish") {
      const event: ElectionEvent = await driver.perform(effect);
      ({ candidate, effect } = advance(candidate, event, election.rules));
    }
    if (effect === undefined) throw new Error(`the election stopped while ${candidate.phase}`);
    return effect.outcome;
  } finally {
    await driver.close();
  }
}

type WorkEffect = Exclude<ElectionEffect, { readonly type: "finish" }>;
type RecordEffect = Extract<ElectionEffect, { readonly type: `record-${string}` }>;

/** Does what the protocol asks for, against the store. */
class Driver {
  readonly election: Election;
  readonly stop: AbortController = new AbortController();
  running: Promise<ElectionEvent> | undefined;
  endHeartbeat: (() => void) | undefined;
  attempt = 0;
  /** When the last request that made this candidate the leader was sent. */
  heardAt = 0;

  constructor(election: Election) {
    this.election = election;
  }

  /** What came of an effect; a back end that is gone is an event too. */
  async perform(effect: WorkEffect): Promise<ElectionEvent> {
    try {
      if (!OUTLIVES_ABORT.has(effect.type)) this.election.signal.throwIfAborted();
      return await this.handle(effect);
    } catch (error) {
      if (!(error instanceof ElectionLost)) throw error;
      if (effect.type === "connect") this.election.onWait({ leader: undefined, error: error.message });
      return { type: "lost", reason: error.message };
    }
  }

  async close(): Promise<void> {
    this.endHeartbeat?.();
    await this.election.store.close();
  }

  // oxlint-disable-next-line complexity -- one case for each effect
  async handle(effect: WorkEffect): Promise<ElectionEvent> {
    const { store, signal } = this.election;
    switch (effect.type) {
      case "connect":
        return this.connect();
      case "read":
        return { type: "read", ...(await store.read(signal)) };
      case "try-lock":
        return (await store.tryLock(signal)) ? { type: "locked" } : { type: "busy" };
      case "wait-free":
        return this.waitFree();
      case "act":
        return this.act();
      case "wait-silent":
        await pause(Math.min(effect.ms, LONGEST_SILENCE_MS), signal);
        return { type: "waited" };
      case "stop-task":
        return this.stopTask();
      case "record-running":
      case "record-stopped":
      case "record-done":
      case "record-failed":
        break;
    }
    await this.record(effect);
    return { type: "recorded" };
  }

  async record(effect: RecordEffect): Promise<void> {
    const { store, signal } = this.election;
    switch (effect.type) {
      case "record-running":
        this.heardAt = now();
        return store.recordRunning(effect.failures, signal);
      case "record-stopped":
        return this.hurried((limit) => store.recordStopped(effect.failures, limit));
      case "record-done":
        return this.hurried((limit) => store.recordDone(effect.failures, limit));
      case "record-failed":
        return this.hurried((limit) => store.recordFailed(effect.failures, effect.failure, limit));
    }
  }

  async connect(): Promise<ElectionEvent> {
    const { store, signal } = this.election;
    if (this.attempt > 0) await pause(backOff(this.attempt), signal);
    this.attempt += 1;
    await store.connect(signal);
    this.attempt = 1;
    return { type: "connected" };
  }

  async waitFree(): Promise<ElectionEvent> {
    const { store, signal, onWait } = this.election;
    onWait({ leader: undefined, error: undefined });
    await store.waitFree(signal, (leader) => onWait({ leader, error: undefined }));
    return { type: "free" };
  }

  /** Resolves when the task has ended, or at once when the lock is lost: also when the leader was asleep before it began. */
  act(): Promise<ElectionEvent> {
    const { store, rules, act } = this.election;
    const { heardAt } = this;
    const times = leaseTimes(rules.leaseMs);
    if (now() - heardAt >= times.lostMs) {
      return Promise.resolve({ type: "lost", reason: "this container did not run for too long" });
    }
    const lost = new Promise<ElectionEvent>((resolve) => {
      this.endHeartbeat = startHeartbeat(store, { ...times, heardAt }, (reason) => resolve({ type: "lost", reason }));
    });
    this.running = act(this.stop.signal).finally(() => this.endHeartbeat?.());
    return Promise.race([this.running, lost]);
  }

  /** A verdict is worth a little more time than there was. */
  async hurried(write: (limit: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.election;
    const limit = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const hurry = (): void => {
      const late = new ElectionLost("the verdict was not taken in time");
      timer = setTimeout(() => limit.abort(late), LAST_WORD_MS);
    };
    if (signal.aborted) hurry();
    signal.addEventListener("abort", hurry, { once: true });
    try {
      await write(limit.signal);
    } finally {
      signal.removeEventListener("abort", hurry);
      clearTimeout(timer);
    }
  }

  /** Whatever the task says of the lost lock as it ends, it has ended. */
  async stopTask(): Promise<ElectionEvent> {
    this.stop.abort();
    const interrupted: ElectionEvent = { type: "interrupted" };
    const ended = await this.running?.catch((error: unknown) => {
      if (error instanceof ElectionLost) return interrupted;
      throw error;
    });
    return ended ?? interrupted;
  }
}

/** Who waits for another's silence asks in between, so that its own connection does not count as idle. */
const LONGEST_SILENCE_MS = 5_000;

/** How long a verdict may take once the deadline is over or the start is stopped. */
const LAST_WORD_MS = 2_000;

/** The deadline or a signal ends a candidate that waits; one that has acted still stops its task and records the verdict. */
const OUTLIVES_ABORT: ReadonlySet<WorkEffect["type"]> = new Set([
  "stop-task",
  "record-stopped",
  "record-done",
  "record-failed",
]);
