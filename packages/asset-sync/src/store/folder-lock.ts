import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { makeFolder } from "./make-folder.ts";

const LONGEST_PAUSE_MS = 50;

/**
 * Runs `work` while no other process on this file system does, for the same lock file. The lock is the one SQLite takes
 * on its file, which the kernel lets go when a process ends, however it ends: there are no stale locks to judge.
 */
export async function withFolderLock<T>(
  file: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const { DatabaseSync } = await import("node:sqlite");
  await makeFolder(dirname(file));
  while (true) {
    signal?.throwIfAborted();
    const lock = new DatabaseSync(file);
    try {
      if (take(lock)) return await work();
    } finally {
      lock.close();
    }
    await pause(Math.random() * LONGEST_PAUSE_MS, undefined, signal === undefined ? {} : { signal });
  }
}

function take(lock: { exec(sql: string): void }): boolean {
  try {
    lock.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && /database is locked/.test(error.message)) return false;
    throw error;
  }
}
