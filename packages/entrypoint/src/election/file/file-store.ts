import type { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";

import { EntrypointError, messageOf } from "../../errors.ts";
import { backOff, paced, pause } from "../../process/patience.ts";
import { ElectionLost, type Ballot, type ElectionStore } from "../store.ts";
import { CREATE, readRecord, writeBeat, writeEnded, writeFailed, writeRunning } from "./records.ts";

/** Others' commits, which take milliseconds, may be met; the lock itself is never waited for in a blocking call. */
const COMMIT_MS = 2_000;
const SQLITE_BUSY = 5;

const LONGEST_PAUSE_MS = 200;

interface Files {
  readonly records: DatabaseSync;
  readonly lock: DatabaseSync;
}

/**
 * Elections in two SQLite files on a disk that all containers of one machine share: records in the one that is named, and
 * beside it `…-lock`, whose write lock the leader holds and the kernel frees when its process dies.
 *
 * Not for network file systems: the lock is only as good as the file system's POSIX locks.
 */
export function fileStore(url: string, ballot: Ballot): ElectionStore {
  const path = fileURLToPath(url);
  let open: Files | undefined;
  const use = <T>(work: (files: Files) => T): T => {
    if (open === undefined) throw new ElectionLost(`${path}: not open`);
    return guard(path, work, open);
  };
  const close = (): void => {
    open?.records.close();
    open?.lock.close();
    open = undefined;
  };
  return {
    address: `file ${path}`,
    connect: async () => {
      close();
      open = await openFiles(path);
    },
    read: async () => use(({ records }) => readRecord(records, ballot)),
    tryLock: async () => use(({ lock }) => tryLock(lock)),
    waitFree: (signal, tell) =>
      waitFree(
        () => use(({ lock }) => isFree(lock)),
        signal,
        () => tell(use(({ records }) => readRecord(records, ballot).record)),
      ),
    recordRunning: async (failures) => use(({ records }) => writeRunning(records, ballot, failures)),
    recordStopped: async () => use(({ records }) => writeEnded(records, ballot, "stopped")),
    recordDone: async () => use(({ records }) => writeEnded(records, ballot, "done")),
    recordFailed: async (failures, failure) => use(({ records }) => writeFailed(records, ballot, failures, failure)),
    beat: async () => use(({ records }) => writeBeat(records, ballot)),
    onBroken: () => () => undefined,
    close: async () => close(),
  };
}

async function openFiles(path: string): Promise<Files> {
  const { DatabaseSync } = await import("node:sqlite");
  return guard(
    path,
    () => {
      const records = new DatabaseSync(path, { timeout: COMMIT_MS });
      if (records.prepare("select 1 from sqlite_schema where name = 'elections'").get() === undefined) {
        records.exec(CREATE);
      }
      return { records, lock: new DatabaseSync(`${path}-lock`, { timeout: 0 }) };
    },
    undefined,
  );
}

function tryLock(lock: DatabaseSync): boolean {
  try {
    lock.exec("begin immediate");
    return true;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}

function isFree(lock: DatabaseSync): boolean {
  const free = tryLock(lock);
  if (free) lock.exec("rollback");
  return free;
}

async function waitFree(isFreeNow: () => boolean, signal: AbortSignal, tell: () => void): Promise<void> {
  const report = paced(tell);
  for (let attempt = 1; !isFreeNow(); attempt += 1) {
    report();
    await pause(Math.min(backOff(attempt), LONGEST_PAUSE_MS), signal);
  }
}

function guard<I, T>(path: string, work: (input: I) => T, input: I): T {
  try {
    return work(input);
  } catch (cause) {
    if (cause instanceof ElectionLost) throw cause;
    throw new EntrypointError("ENTRYPOINT_ELECTION_UNREACHABLE", {
      message: `the election's file ${path}: ${messageOf(cause)}`,
      hint: "Name a file in a folder that exists and that this user may write to.",
      cause,
    });
  }
}
