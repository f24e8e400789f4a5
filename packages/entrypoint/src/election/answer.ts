import { ElectionLost } from "./store.ts";

/** How long a server may take to answer what waits for nothing; after that the connection counts as broken. */
export const ANSWER_MS = 10_000;

/** What ends the wait for an answer. */
export interface Patience {
  readonly signal: AbortSignal;
  /** Default: {@link ANSWER_MS}. */
  readonly limitMs?: number;
}

/**
 * Asks a server and waits for the answer, whatever happens to the network: when the signal aborts or the time is over the
 * connection is broken, because a statement's cancellation would itself need an answer.
 * @throws the signal's reason when it aborts; ElectionLost when the time is over
 */
export async function answerInTime<T>(
  breakConnection: () => void,
  ask: () => Promise<T>,
  { signal, limitMs = ANSWER_MS }: Patience,
): Promise<T> {
  signal.throwIfAborted();
  const settled = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    const end = (reason: Error): void => {
      breakConnection();
      reject(reason);
    };
    const late = new ElectionLost(`no answer in ${String(limitMs / 1000)} s`);
    const timer = setTimeout(() => end(late), limitMs);
    signal.addEventListener(
      "abort",
      () => end(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason))),
      { signal: settled.signal },
    );
    settled.signal.addEventListener("abort", () => clearTimeout(timer));
  });
  try {
    return await Promise.race([ask(), ended]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    settled.abort();
  }
}
