import type { Client } from "pg";

import { answerInTime, type Patience } from "../answer.ts";

/** Asks the server and waits for the answer as {@link answerInTime} does. */
export function answer<T>(client: Client, ask: () => Promise<T>, patience: Patience): Promise<T> {
  return answerInTime(() => breakConnection(client), ask, patience);
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

/** Says that a connection ends, and does not wait for the server to hear it: for one that holds no lock and asks nothing any more. */
export function leaveConnection(client: Client): void {
  void client.end().catch(() => undefined);
  breakConnection(client);
}

/** Drops a connection at once, whatever it is doing. */
export function breakConnection(client: Client): void {
  client.connection.stream.destroy();
}
