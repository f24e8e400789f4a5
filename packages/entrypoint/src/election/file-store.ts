import { fileURLToPath } from "node:url";

import type { DatabaseSync, SQLInputValue } from "node:sqlite";

import { EntrypointError } from "../errors.ts";
import { backOff, pause, paced } from "../process/patience.ts";
import type { ElectionRecord, Failure } from "./protocol.ts";
import { ElectionLost, type Ballot, type ElectionStore } from "./store.ts";

const CREATE = `
  create table if not exists elections (
    task text not null, release text not null, state text not null, holder text not null, failures integer not null,
    message text not null, exit_code integer not null, seconds real not null, primary key (task, release)
  ) strict`;
const READ = `
  select state, holder, failures, message, exit_code as exitCode, seconds from elections where task = ? and release = ?`;
const WRITE = "insert or replace into elections values (?, ?, ?, ?, ?, ?, ?, ?)";

/** Readers may meet a commit, which takes milliseconds; the lock itself is never waited for in a blocking call. */
const COMMIT_MS = 2_000;
const SQLITE_BUSY = 5;

/**
 * Elections in an SQLite file on a disk that all containers of one machine share. The lock is the write lock of an open
 * transaction, which the kernel frees when its holder dies. While one leads nothing is written, so a leader's death
 * leaves the file as it was; its verdict is written by committing.
 *
 * Not for network file systems: the lock is only as good as the file system's POSIX locks.
 */
export function fileStore(url: string, ballot: Ballot): ElectionStore {
  const path = fileURLToPath(url);
  let open: DatabaseSync | undefined;
  let began = 0;
  const database = (): DatabaseSync => {
    if (open === undefined) throw new ElectionLost(`${path}: not open`);
    return open;
  };
  const write = (state: string, failures: number, failure: Failure): void => {
    const values: SQLInputValue[] = [ballot.task, ballot.release ?? "", state, ballot.holder, failures];
    const seconds = (performance.now() - began) / 1000;
    if (ballot.release !== undefined) {
      database()
        .prepare(WRITE)
        .run(...values, failure.message, failure.exitCode, seconds);
    }
    database().exec("commit");
  };
  const read = (): ElectionRecord | undefined =>
    database()
      .prepare(READ)
      .get(ballot.task, ballot.release ?? "") as ElectionRecord | undefined;
  return {
    address: path,
    connect: async () => {
      open?.close();
      open = await openDatabase(path);
    },
    read: async () => guard(path, read),
    tryLock: async () => {
      began = performance.now();
      return guard(path, () => tryLock(database()));
    },
    waitFree: (signal, tell) =>
      waitFree(
        () => guard(path, () => isFree(database())),
        signal,
        () => tell(undefined),
      ),
    recordRunning: async () => undefined,
    recordDone: async (failures) => guard(path, () => write("done", failures, { message: "", exitCode: 0 })),
    recordFailed: async (failures, failure) => guard(path, () => write("failed", failures, failure)),
    watch: () => () => undefined,
    close: async () => {
      open?.close();
      open = undefined;
    },
  };
}

async function openDatabase(path: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import("node:sqlite");
  return guard(path, () => {
    const database = new DatabaseSync(path);
    database.exec(`pragma busy_timeout = ${String(COMMIT_MS)}`);
    if (database.prepare("select 1 from sqlite_schema where name = 'elections'").get() === undefined) {
      ignoreBusy(() => database.exec(CREATE));
    }
    return database;
  });
}

function tryLock(database: DatabaseSync): boolean {
  database.exec("pragma busy_timeout = 0");
  try {
    const locked = ignoreBusy(() => database.exec("begin immediate"));
    return locked;
  } finally {
    database.exec(`pragma busy_timeout = ${String(COMMIT_MS)}`);
  }
}

function isFree(database: DatabaseSync): boolean {
  const free = tryLock(database);
  if (free) database.exec("rollback");
  return free;
}

async function waitFree(isFreeNow: () => boolean, signal: AbortSignal, tell: () => void): Promise<void> {
  const report = paced(tell);
  for (let attempt = 1; !isFreeNow(); attempt += 1) {
    report();
    await pause(Math.min(backOff(attempt), 200), signal);
  }
}

/** @returns false when another process holds the lock */
function ignoreBusy(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}

function guard<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof ElectionLost) throw cause;
    throw new EntrypointError("ENTRYPOINT_ELECTION_UNREACHABLE", {
      message: `the election's file ${path}: ${(cause as Error).message}`,
      hint: "Name a file in a folder that exists and that this user may write to.",
      cause,
    });
  }
}
