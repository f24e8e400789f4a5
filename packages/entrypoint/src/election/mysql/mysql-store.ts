import { createHash } from "node:crypto";

import type { Connection, RowDataPacket } from "mysql2/promise";

import { answerInTime } from "../answer.ts";
import { ElectionLost, type Ballot, type ElectionStore } from "../store.ts";
import { mysqlAddressName, readMysqlAddress } from "./address.ts";
import { closeMysql, mysqlError, openMysql } from "./connection.ts";
import { readRecord, type MysqlBallot, writeBeat, writeEnded, writeFailed, writeRunning } from "./records.ts";

/** A waiting follower looks up who leads this often; less than what bounds every answer. */
const LOOK_SECONDS = 5;

/**
 * Elections in a MySQL or MariaDB server: a session's `GET_LOCK` on a connection of its own, which the server frees when
 * the holder's connection ends, and records in the table `slipway.elections`.
 *
 * No database is used, so that the address' own need not be there yet: it is only part of the lock's name and of the
 * record's key. A lock that was awaited is given back in the same statement.
 */
export function mysqlStore(url: string, { task, release, holder }: Ballot): ElectionStore {
  const { ask, ...session } = openSession(url);
  const { database } = readMysqlAddress(url);
  const ballot: MysqlBallot = { database, task, release, holder };
  const lock = lockName(database, task);
  return {
    ...session,
    read: (signal) => ask((connection) => readRecord(connection, ballot), signal),
    tryLock: (signal) => ask((connection) => getLock(connection, lock, 0), signal),
    waitFree: async (signal, tell) => {
      while (!(await ask((connection) => waitFree(connection, lock), signal))) {
        const { record } = await ask((connection) => readRecord(connection, ballot), signal);
        tell(record);
      }
    },
    recordRunning: (failures, signal) => ask((connection) => writeRunning(connection, ballot, failures), signal),
    recordStopped: (_, signal) => ask((connection) => writeEnded(connection, ballot, "stopped"), signal),
    recordDone: (_, signal) => ask((connection) => writeEnded(connection, ballot, "done"), signal),
    recordFailed: (failures, failure, signal) =>
      ask((connection) => writeFailed(connection, ballot, failures, failure), signal),
    beat: (signal) => ask((connection) => writeBeat(connection, ballot), signal),
  };
}

interface Session extends Pick<ElectionStore, "address" | "connect" | "close" | "onBroken"> {
  readonly ask: <T>(question: (connection: Connection) => Promise<T>, signal: AbortSignal) => Promise<T>;
}

/** A connection that can be made anew. */
function openSession(url: string): Session {
  let open: Connection | undefined;
  const opened = (): Connection => {
    if (open === undefined) throw new ElectionLost(`MySQL at ${mysqlAddressName(url)}: not connected`);
    return open;
  };
  const close = async (): Promise<void> => {
    const closing = open;
    open = undefined;
    if (closing !== undefined) await closeMysql(closing);
  };
  return {
    address: mysqlAddressName(url),
    ask: async (question, signal) => {
      try {
        const connection = opened();
        return await answerInTime(
          () => connection.destroy(),
          () => question(connection),
          { signal },
        );
      } catch (error) {
        signal.throwIfAborted();
        throw mysqlError(error, url);
      }
    },
    connect: async (signal) => {
      await close();
      open = await openMysql(url, signal, "server");
    },
    onBroken: (tell) => onBroken(opened(), tell),
    close,
  };
}

/** `GET_LOCK` takes names of up to 64 characters, for the whole server. */
function lockName(database: string, task: string): string {
  const digest = createHash("sha256").update(`${database}/${task}`).digest("hex");
  return `slipway/${digest.slice(0, 48)}`;
}

async function getLock(connection: Connection, name: string, seconds: number): Promise<boolean> {
  const [rows] = await connection.query<RowDataPacket[]>("select get_lock(?, ?) as got", [name, seconds]);
  return Number(rows[0]?.["got"]) === 1;
}

/**
 * Takes the lock and gives it back in one statement: it is passed on within the server, however long a client takes.
 * @returns false when it was still held after a while
 */
async function waitFree(connection: Connection, name: string): Promise<boolean> {
  const statement = "select get_lock(?, ?) as got, release_lock(?) as given";
  const [rows] = await connection.query<RowDataPacket[]>(statement, [name, LOOK_SECONDS, name]);
  return Number(rows[0]?.["got"]) === 1;
}

function onBroken(connection: Connection, tell: (reason: string) => void): () => void {
  const onError = (error: Error): void => tell(error.message);
  const onEnd = (): void => tell("the server closed the connection");
  connection.on("error", onError);
  connection.on("end", onEnd);
  return () => {
    connection.off("error", onError);
    connection.off("end", onEnd);
  };
}
