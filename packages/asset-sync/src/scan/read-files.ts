import { setImmediate } from "node:timers/promises";

import { CHANGED, READ_BYTES, readAtOnce, readOnce, type ReadFile } from "./digest.ts";
import { errorCode, pathOf, type FoundFile } from "./walk.ts";

/** Files that could not be read as they should; sentences that name file and reason. */
export interface Unread {
  readonly refused: string[];
  readonly changed: string[];
}

/** How long to read before other work gets its turn. */
const TURN_MS = 5;

/**
 * Reads each file once and hands what was read to `take`, in the order of the files.
 *
 * @param keep how many bytes of a key's end to hand over
 */
export async function readFiles(
  files: readonly FoundFile[],
  keep: (key: string) => number,
  take: (file: FoundFile, read: ReadFile) => void,
  signal: AbortSignal | undefined,
): Promise<Unread> {
  const unread: Unread = { refused: [], changed: [] };
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  let turn = performance.now();
  for (const file of files) {
    signal?.throwIfAborted();
    const kept = keep(file.key);
    const path = pathOf(file);
    try {
      const read = readAtOnce(path, buffer, kept) ?? (await readOnce(path, buffer, kept));
      if (read === CHANGED) unread.changed.push(file.key);
      else take(file, read);
    } catch (error) {
      unread.refused.push(`${file.key} cannot be read (${reasonOf(file.key, errorCode(error))})`);
    }
    if (performance.now() - turn < TURN_MS) continue;
    await setImmediate();
    turn = performance.now();
  }
  return unread;
}

/** Node shows bytes that are no UTF-8 as U+FFFD, and finds no file by that name. */
function reasonOf(key: string, code: string): string {
  return code === "ENOENT" && key.includes("\uFFFD") ? "its name is not UTF-8" : code;
}
