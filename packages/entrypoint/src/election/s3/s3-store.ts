import { randomUUID } from "node:crypto";

import { EntrypointError, messageOf } from "../../errors.ts";
import { now } from "../../process/clock.ts";
import { paced, pause } from "../../process/patience.ts";
import type { ElectionRecord, Failure } from "../protocol.ts";
import { ElectionLost, type Ballot, type ElectionStore } from "../store.ts";
import { s3AddressName } from "./address.ts";
import { electionObject, type ElectionObject, type Version } from "./election-object.ts";
import { NO_STATE, recordIn, withRecord, type S3Lock, type S3Record, type S3State } from "./state.ts";

/** Followers look this often, give or take a quarter. */
const LOOK_MS = 260;
/** A request that failed is sent again after this. */
const AGAIN_MS = 200;
/** How long giving the lock back may take. */
const GOODBYE_MS = 1_000;

/**
 * Elections in one object of S3 for each task, which is only ever changed by comparison. The lock is a lease: its holder
 * counts up `beat`, and who sees it unchanged for the length of the lease, by a clock of its own, may take over.
 */
export function s3Store(
  url: string,
  ballot: Ballot,
  leaseMs: number,
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): ElectionStore {
  const session = new S3Session(electionObject(url, ballot.task, env), ballot, leaseMs);
  const { release = "" } = ballot;
  return {
    address: s3AddressName(url, env),
    connect: (signal) => session.look(signal).then(() => undefined),
    read: async (signal) => ({
      record: recordIn(await session.state(signal), release),
      silentMs: Number.POSITIVE_INFINITY,
    }),
    tryLock: (signal) => session.tryLock(signal),
    waitFree: (signal, tell) => session.waitFree(signal, tell),
    recordRunning: (failures, signal) => session.record({ state: "running", failures }, signal),
    recordStopped: (failures, signal) => session.record({ state: "stopped", failures }, signal),
    recordDone: (failures, signal) => session.record({ state: "done", failures }, signal),
    recordFailed: (failures, failure, signal) => session.record({ state: "failed", failures, failure }, signal),
    beat: (signal) => session.beat(signal),
    onBroken: () => () => undefined,
    close: () => session.close(),
  };
}

interface Entry {
  readonly state: ElectionRecord["state"];
  readonly failures: number;
  readonly failure?: Failure;
}

/** One candidate's view of the object. Its requests go one after the other: each compares with the one before. */
class S3Session {
  readonly object: ElectionObject;
  readonly ballot: Ballot;
  readonly leaseMs: number;
  version: Version | undefined;
  /** Who led when it was last looked, and since when nothing has changed about that. */
  seen = { lock: "", since: 0 };
  last: Promise<unknown> = Promise.resolve();
  /** The lock was just seen free: that look answers the question for the record too. */
  isFresh = false;

  constructor(object: ElectionObject, ballot: Ballot, leaseMs: number) {
    this.object = object;
    this.ballot = ballot;
    this.leaseMs = leaseMs;
  }

  async look(signal: AbortSignal): Promise<S3State> {
    return this.inTurn(async () => (await this.refresh(signal)).state);
  }

  async state(signal: AbortSignal): Promise<S3State> {
    const { isFresh, version } = this;
    this.isFresh = false;
    return isFresh && version !== undefined ? version.state : this.look(signal);
  }

  tryLock(signal: AbortSignal): Promise<boolean> {
    return this.inTurn(async () => {
      const before = await this.refresh(signal);
      if (!this.isFree(before.state.lock)) return false;
      const beat = (before.state.lock?.beat ?? 0) + 1;
      const after = await this.write(before, { ...before.state, lock: this.lockOf(beat), write: randomUUID() }, signal);
      if (after === undefined) return false;
      if (!(await this.object.keepsConditions(after, signal))) throw noConditions();
      return true;
    });
  }

  async waitFree(signal: AbortSignal, tell: (record: ElectionRecord | undefined) => void): Promise<void> {
    const report = paced(() => tell(recordIn(this.version?.state ?? NO_STATE, this.ballot.release ?? "")));
    while (!this.isFree((await this.look(signal)).lock)) {
      report();
      await pause(LOOK_MS * (0.75 + Math.random() / 2), signal);
    }
    this.isFresh = true;
  }

  /** A verdict gives the lock back in the same write. */
  async record(entry: Entry, signal: AbortSignal): Promise<void> {
    const { release = "", holder } = this.ballot;
    await this.change((state) => {
      const record = recordAfter(state.releases[release], entry, holder);
      const lock = entry.state === "running" ? this.lockOf((state.lock?.beat ?? 0) + 1) : null;
      return { ...withRecord(state, release, record), lock };
    }, signal);
  }

  beat(signal: AbortSignal): Promise<void> {
    return this.change((state) => ({ ...state, lock: this.lockOf((state.lock?.beat ?? 0) + 1) }), signal);
  }

  async close(): Promise<void> {
    if (!this.isMine(this.version?.state.lock ?? null)) return;
    await this.change((state) => ({ ...state, lock: null }), AbortSignal.timeout(GOODBYE_MS)).catch(() => undefined);
  }

  /** Changes the object as the holder of its lock, and tries again while the server cannot be reached. */
  change(change: (state: S3State) => S3State, signal: AbortSignal): Promise<void> {
    return this.inTurn(async () => {
      const write = randomUUID();
      for (;;) {
        try {
          const before = this.version ?? (await this.refresh(signal));
          if (!this.isMine(before.state.lock)) throw new TakenOver();
          if ((await this.write(before, { ...change(before.state), write }, signal)) === undefined)
            throw new TakenOver();
          return;
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof TakenOver || error instanceof EntrypointError) throw error;
          await pause(AGAIN_MS, signal);
        }
      }
    });
  }

  async refresh(signal: AbortSignal): Promise<Version> {
    try {
      this.version = await this.object.read(this.version, signal);
    } catch (error) {
      throw unreachable(error, signal);
    }
    const { lock } = this.version.state;
    const shown = JSON.stringify(lock);
    if (shown !== this.seen.lock) this.seen = { lock: shown, since: now() };
    return this.version;
  }

  async write(before: Version, state: S3State, signal: AbortSignal): Promise<Version | undefined> {
    try {
      const after = await this.object.write(before, state, signal);
      if (after !== undefined) this.version = after;
      return after;
    } catch (error) {
      throw unreachable(error, signal);
    }
  }

  isMine(lock: S3Lock | null): boolean {
    return lock?.holder === this.ballot.holder;
  }

  isFree(lock: S3Lock | null): boolean {
    if (lock === null || this.isMine(lock)) return true;
    return now() - this.seen.since >= Math.max(lock.leaseMs, this.leaseMs);
  }

  lockOf(beat: number): S3Lock {
    return { holder: this.ballot.holder, beat, leaseMs: this.leaseMs };
  }

  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

/** A failure may be that of another holder, who is gone: the record keeps who it was. */
function recordAfter(before: S3Record | undefined, entry: Entry, holder: string): S3Record {
  const { state, failures, failure = { message: "", exitCode: 0 } } = entry;
  const moment = new Date().toISOString();
  if (state === "running") return { state, holder, failures, ...failure, began: moment };
  const began = before?.began ?? moment;
  return { state, holder: before?.holder ?? holder, failures, ...failure, began, ended: moment };
}

class TakenOver extends ElectionLost {
  constructor() {
    super("another container has taken over");
  }
}

function unreachable(error: unknown, signal: AbortSignal): unknown {
  signal.throwIfAborted();
  if (error instanceof EntrypointError || error instanceof ElectionLost) return error;
  return new ElectionLost(messageOf(error), { cause: error });
}

function noConditions(): EntrypointError {
  const message = "the object store does not hold to conditions: it made an object that was there already";
  const hint = "Hold the election in the database, or in a store with conditional writes (If-None-Match, If-Match).";
  return new EntrypointError("ENTRYPOINT_ELECTION_REFUSED", { message, hint });
}
