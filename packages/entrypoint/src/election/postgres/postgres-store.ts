import type { Client } from "pg";

import { ElectionLost, type Ballot, type ElectionStore } from "../store.ts";
import { answer, closeConnection } from "./answer.ts";
import { postgresAddress } from "./address.ts";
import { connectionError, openLastingConnection } from "./connection.ts";
import { lockKey } from "./lock-key.ts";
import { refuseTransactionPooling } from "./pooler.ts";
import { beat, readRecord, writeEnded, writeFailed, writeRunning } from "./records.ts";
import { codeOf } from "../../errors.ts";

/** A waiting follower looks up who leads this often; less than what bounds every answer. */
const LOOK_MS = 5_000;
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Elections in a PostgreSQL database: a session's advisory lock on a connection of its own, which the server frees when
 * the holder's connection ends, and records in the table `slipway.elections`.
 *
 * The lock is awaited in shared mode by a single statement that gives it back as it ends: all followers wake together and
 * none holds it while it thinks.
 */
export function postgresStore(url: string, ballot: Ballot): ElectionStore {
  const { ask, client: opened, ...session } = openSession(url);
  const key = lockKey(ballot.task).toString();
  return {
    ...session,
    read: (signal) => ask((client) => readRecord(client, ballot), signal),
    tryLock: (signal) => ask((client) => tryLock(client, key), signal),
    waitFree: async (signal, tell) => {
      while (!(await ask((client) => waitShared(client, key), signal))) {
        const { record } = await ask((client) => readRecord(client, ballot), signal);
        tell(record);
      }
    },
    recordRunning: (failures, signal) => ask((client) => writeRunning(client, ballot, failures), signal),
    recordStopped: (_, signal) => ask((client) => writeEnded(client, ballot, "stopped"), signal),
    recordDone: (_, signal) => ask((client) => writeEnded(client, ballot, "done"), signal),
    recordFailed: (failures, failure, signal) =>
      ask((client) => writeFailed(client, ballot, failures, failure), signal),
    beat: (signal) => ask((client) => beat(client, ballot), signal),
    onBroken: (tell) => onBroken(opened(), tell),
  };
}

interface Session extends Pick<ElectionStore, "address" | "connect" | "close"> {
  readonly client: () => Client;
  readonly ask: <T>(question: (client: Client) => Promise<T>, signal: AbortSignal) => Promise<T>;
}

/** A connection that can be made anew. */
function openSession(url: string): Session {
  let open: Client | undefined;
  const client = (): Client => {
    if (open === undefined) throw new ElectionLost(`PostgreSQL at ${postgresAddress(url)}: not connected`);
    return open;
  };
  const close = async (): Promise<void> => {
    const closing = open;
    open = undefined;
    if (closing !== undefined) await closeConnection(closing);
  };
  const ask = async <T>(question: (client: Client) => Promise<T>, signal: AbortSignal): Promise<T> => {
    try {
      const asked = client();
      return await answer(asked, () => question(asked), { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw connectionError(error, url);
    }
  };
  return {
    address: postgresAddress(url),
    client,
    ask,
    connect: async (signal) => {
      await close();
      open = await openLastingConnection(url, signal);
      await ask(
        (opened) => refuseTransactionPooling(opened, postgresAddress(url), () => openLastingConnection(url, signal)),
        signal,
      );
    },
    close,
  };
}

async function tryLock(client: Client, key: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>("select pg_try_advisory_lock($1) as locked", [key]);
  return rows[0]?.locked ?? false;
}

/** @returns false when it was still held after a while */
async function waitShared(client: Client, key: string): Promise<boolean> {
  try {
    await client.query(`set lock_timeout = ${String(LOOK_MS)}`);
    await client.query("select pg_advisory_xact_lock_shared($1)", [key]);
    await client.query("set lock_timeout = 0");
    return true;
  } catch (error) {
    if (codeOf(error) === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}

function onBroken(client: Client, tell: (reason: string) => void): () => void {
  const onError = (error: Error): void => tell(error.message);
  const onEnd = (): void => tell("the server closed the connection");
  client.on("error", onError);
  client.on("end", onEnd);
  return () => {
    client.off("error", onError);
    client.off("end", onEnd);
  };
}
