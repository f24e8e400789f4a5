import type { Client } from "pg";

import { ElectionLost } from "../store.ts";

/** How long the server may take to answer what waits for nothing; after that the connection counts as broken. */
export const ANSWER_MS = 10_000;

/** What ends the wait for an answer. */
export interface Patience {
  readonly signal: AbortSignal;
  /** Default: {@link ANSWER_MS}. */
  readonly limitMs?: number;
}

/**
 * Asks the server and waits for the answer, whatever happens to the network: when the signal aborts or the time is over
 * the connection is broken.
 * @throws the signal's reason when it aborts; ElectionLost when the time is over
 */
export async function answer<T>(
  client: Client,
  ask: () => Promise<T>,
  { signal, limitMs = ANSWER_MS }: Patience,
): Promise<T> {
  signal.throwIfAborted();
  const settled = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    const end = (reason: Error): void => {
      breakConnection(client);
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

/** How long the server may take to answer the end of a connection. */
const GOODBYE_MS = 500;

/** Ends a connection in the protocol's way, or without it when that takes too long; never fails. */
export async function closeConnection(client: Client): Promise<void> {
  if (client.connection.stream.destroyed) return;
  let timer: NodeJS.Timeout | undefined;
  // The driver's promise may stay pending for ever when the server has hung up first.
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GOODBYE_MS);
  });
  await Promise.race([client.end().catch(() => undefined), late]);
  clearTimeout(timer);
  breakConnection(client);
}

/** Drops a connection at once, whatever it is doing. */
function breakConnection(client: Client): void {
  client.connection.stream.destroy();
}
