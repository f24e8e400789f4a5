import type * as Sqlite from "node:sqlite";
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { fileURLToPath } from "node:url";

import { EntrypointError, messageOf } from "../errors.ts";
import { backOff, paced, pause } from "../process/patience.ts";
import type { ElectionRecord, Failure } from "./protocol.ts";
import { ElectionLost, type Ballot, type ElectionStore } from "./store.ts";

const CREATE = `
  create table if not exists elections (
    task text not null, release text not null, state text not null, holder text not null, failures integer not null,
    message text not null, exit_code integer not null, seconds real not null, primary key (task, release)
  ) strict`;
const READ = "select * from elections where task = ? and release = ?";
const WRITE = "insert or replace into elections values (?, ?, ?, ?, ?, ?, ?, ?)";

/** Readers may meet a commit, which takes milliseconds; the lock itself is never waited for in a blocking call. */
const COMMIT_MS = 2_000;
const SQLITE_BUSY = 5;

const LONGEST_PAUSE_MS = 200;

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
  const use = <T>(work: (database: DatabaseSync) => T): T => {
    if (open === undefined) throw new ElectionLost(`${path}: not open`);
    return guard(path, work, open);
  };
  let began = 0;
  const end = (verdict: Verdict): void => use((database) => commit(database, ballot, { ...verdict, began }));
  return {
    address: path,
    connect: async () => {
      open?.close();
      open = await openDatabase(path);
    },
    read: async () => use((database) => readRecord(database, ballot)),
    tryLock: async () => {
      began = performance.now();
      return use(tryLock);
    },
    waitFree: (signal, tell) =>
      waitFree(
        () => use(isFree),
        signal,
        () => tell(undefined),
      ),
    recordRunning: async () => undefined,
    recordDone: async (failures) => end({ state: "done", failures, failure: { message: "", exitCode: 0 } }),
    recordFailed: async (failures, failure) => end({ state: "failed", failures, failure }),
    watch: () => () => undefined,
    close: async () => {
      open?.close();
      open = undefined;
    },
  };
}

async function openDatabase(path: string): Promise<DatabaseSync> {
  const sqlite = await import("node:sqlite");
  return guard(path, makeDatabase, { path, sqlite });
}

function makeDatabase({ path, sqlite }: { path: string; sqlite: typeof Sqlite }): DatabaseSync {
  const database = new sqlite.DatabaseSync(path);
  database.exec(`pragma busy_timeout = ${String(COMMIT_MS)}`);
  const found = database.prepare("select 1 from sqlite_schema where name = 'elections'").get();
  // Busy: another process has just made the table and leads.
  if (found === undefined) unlessBusy(() => database.exec(CREATE));
  return database;
}

function readRecord(database: DatabaseSync, ballot: Ballot): ElectionRecord | undefined {
  if (ballot.release === undefined) return undefined;
  const row = database.prepare(READ).get(ballot.task, ballot.release);
  return row === undefined ? undefined : recordOf(row);
}

function recordOf(row: Record<string, SQLOutputValue>): ElectionRecord {
  return {
    state: row["state"] === "done" ? "done" : "failed",
    holder: String(row["holder"]),
    failures: Number(row["failures"]),
    message: String(row["message"]),
    exitCode: Number(row["exit_code"]),
    seconds: Number(row["seconds"]),
  };
}

interface Verdict {
  readonly state: "done" | "failed";
  readonly failures: number;
  readonly failure: Failure;
}

function commit(database: DatabaseSync, ballot: Ballot, verdict: Verdict & { readonly began: number }): void {
  const { state, failures, failure, began } = verdict;
  if (ballot.release !== undefined) {
    const seconds = (performance.now() - began) / 1000;
    const { task, release, holder } = ballot;
    database.prepare(WRITE).run(task, release, state, holder, failures, failure.message, failure.exitCode, seconds);
  }
  database.exec("commit");
}

function tryLock(database: DatabaseSync): boolean {
  database.exec("pragma busy_timeout = 0");
  try {
    return unlessBusy(() => database.exec("begin immediate"));
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
    await pause(Math.min(backOff(attempt), LONGEST_PAUSE_MS), signal);
  }
}

/** @returns false when another process holds the lock */
function unlessBusy(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}

function guard<I, T>(path: string, work: (input: I) => T, input: I): T {
  try {
    return work(input);
  } catch (cause) {
    throw new EntrypointError("ENTRYPOINT_ELECTION_UNREACHABLE", {
      message: `the election's file ${path}: ${messageOf(cause)}`,
      hint: "Name a file in a folder that exists and that this user may write to.",
      cause,
    });
  }
}
