import type { ElectionRecord, Failure, Reading } from "./protocol.ts";

/** What is elected: a task, of a release when there is one. */
export interface Ballot {
  readonly task: string;
  /** `undefined`: nothing is remembered, the lock only puts containers in a row. */
  readonly release: string | undefined;
  /** Who stands for election, unique among all processes. */
  readonly holder: string;
}

/**
 * Where an election is held. No two may hold the lock at a time, and it must become free when its holder is gone; the
 * record must outlive its writer. Without a release a record is kept all the same, of who runs the task now.
 *
 * Every method but `close` throws {@link ElectionLost} when the back end is or becomes unreachable, and an
 * EntrypointError when it answers but refuses. One that takes a signal ends soon after it aborts, whatever the back end
 * does, and throws its reason; an election whose method was cut off is connected anew or closed.
 */
export interface ElectionStore {
  /** What it is and where, for people; never a password. */
  readonly address: string;
  connect(signal: AbortSignal): Promise<void>;
  read(signal: AbortSignal): Promise<Reading>;
  tryLock(signal: AbortSignal): Promise<boolean>;
  /** Resolves when nobody holds the lock; tells every few seconds who does. */
  waitFree(signal: AbortSignal, tell: (record: ElectionRecord | undefined) => void): Promise<void>;
  recordRunning(failures: number, signal: AbortSignal): Promise<void>;
  recordStopped(failures: number, signal: AbortSignal): Promise<void>;
  recordDone(failures: number, signal: AbortSignal): Promise<void>;
  recordFailed(failures: number, failure: Failure, signal: AbortSignal): Promise<void>;
  /** The holder's heartbeat. Throws {@link ElectionLost} when the lock or the record is no longer this holder's. */
  beat(signal: AbortSignal): Promise<void>;
  /** Calls back when the connection that holds the lock breaks, where there is one. Returns how to stop that. */
  onBroken(tell: (reason: string) => void): () => void;
  /** Gives up the lock and everything else. */
  close(): Promise<void>;
}

/** The back end of an election cannot be reached, or the connection that held the lock broke. */
export class ElectionLost extends Error {}
