import { now } from "./clock.ts";

/** A stretch of time that ends early when the start is stopped. */
export interface Deadline extends Disposable {
  /** Aborts when the time is over or the start is stopped. */
  readonly signal: AbortSignal;
  /** The time is over. */
  expired(): boolean;
  /** Seconds since the beginning. */
  elapsed(): number;
}

/** Begins a deadline. `stopped` is the desk's signal: its reason becomes this signal's reason. */
export function openDeadline(ms: number, stopped: AbortSignal): Deadline {
  const began = now();
  let isOver = false;
  const ended = new AbortController();
  const stop = (): void => ended.abort(stopped.reason);
  const timer = setTimeout(() => {
    isOver = true;
    ended.abort(new Error("the deadline is over"));
  }, ms);
  // `AbortSignal.any` would take a start a fifth of a millisecond.
  stopped.addEventListener("abort", stop);
  if (stopped.aborted) stop();
  return {
    signal: ended.signal,
    expired: () => isOver,
    elapsed: () => (now() - began) / 1000,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      stopped.removeEventListener("abort", stop);
    },
  };
}

/** Waits, or throws the signal's reason as soon as it aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(asError(signal.reason));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** What the work comes to, or the signal's reason as soon as it aborts; the work itself goes on. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(asError(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
    if (signal.aborted) onAbort();
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

const SHORTEST_MS = 50;
const LONGEST_MS = 2_000;

/**
 * How long to wait before try `attempt` (from 1): doubling from 50 ms to 2 s, of which a random half is taken off so that
 * containers that started together do not knock together.
 */
export function backOff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(attempt - 1, 16));
  return full * (0.5 + random() / 2);
}

/** Lets a report through at most every five seconds, the first one after one second. */
export function paced(report: (seconds: number) => void): () => void {
  const began = now();
  let next = began + 1_000;
  return () => {
    const moment = now();
    if (moment < next) return;
    next = moment + 5_000;
    report((moment - began) / 1000);
  };
}
