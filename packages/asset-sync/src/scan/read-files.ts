import { CHANGED, READ_BYTES, readOnce, type ReadFile } from "./digest.ts";
import { errorCode, type FoundFile } from "./walk.ts";

/** Files that could not be read as they should; sentences that name file and reason. */
export interface Unread {
  readonly refused: string[];
  readonly changed: string[];
}

/** Enough reads in flight to keep a disk busy. */
const READERS = 16;

/**
 * Reads each file once, `READERS` at a time, and hands what was read to `take`, in no order.
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
  const queue = files.values();
  const reader = async (): Promise<void> => {
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    for (const file of queue) {
      signal?.throwIfAborted();
      const read = await readOnce(file.path, buffer, keep(file.key)).catch((error: unknown) => {
        unread.refused.push(`${file.key} cannot be read (${errorCode(error)})`);
      });
      if (read === CHANGED) unread.changed.push(file.key);
      else if (read !== undefined) take(file, read);
    }
  };
  await Promise.all(Array.from({ length: Math.min(READERS, files.length) }, reader));
  return unread;
}
