import { createHash, hash as hashOnce } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";

/** Size in bytes and SHA-256 in lower-case hex of what a file holds. */
export interface FileDigest {
  readonly size: number;
  readonly sha256: string;
}

/** A file that was read: also the last bytes of it, as many as were asked for, good until the buffer is used again. */
export interface ReadFile extends FileDigest {
  readonly end: Buffer;
}

/** Said of a file that changed between the beginning and the end of the reading. */
export const CHANGED: unique symbol = Symbol("changed while it was read");

/** Bytes that are read at once; a larger file goes through in pieces of this. */
export const READ_BYTES: number = 256 * 1024;

/** SHA-256 of bytes in memory, lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return hashOnce("sha256", bytes);
}

/**
 * Reads a file once, in pieces, so that its size does not matter to memory. The calls wait for the disk: a file that was
 * built a moment ago is in memory, and handing each call to a thread costs eight times the work. Other work gets its turn
 * between the pieces of a large file.
 *
 * @param buffer is read into, and may be used again for the next file
 * @param keep how many of the last bytes to give back
 */
export async function readOnce(path: string, buffer: Buffer, keep: number): Promise<ReadFile | typeof CHANGED> {
  return readAtOnce(path, buffer, keep) ?? readInPieces(path, buffer, keep);
}

/** As `readOnce`, without leaving a promise behind; undefined for a file that is not smaller than the buffer. */
export function readAtOnce(path: string, buffer: Buffer, keep: number): ReadFile | typeof CHANGED | undefined {
  const file = openSync(path, "r");
  try {
    const before = fstatSync(file);
    if (before.size >= buffer.length) return undefined;
    const size = readSync(file, buffer, 0, buffer.length, 0);
    if (!isStill(file, before, size)) return CHANGED;
    const bytes = buffer.subarray(0, size);
    // In one call: an object of hashing would stay until memory is looked through.
    return { size, sha256: hashOnce("sha256", bytes), end: bytes.subarray(Math.max(0, size - keep)) };
  } finally {
    closeSync(file);
  }
}

async function readInPieces(path: string, buffer: Buffer, keep: number): Promise<ReadFile | typeof CHANGED> {
  const file = openSync(path, "r");
  try {
    const before = fstatSync(file);
    const read = await readPieces(file, before.size, { buffer, keep });
    return isStill(file, before, read.size) ? read : CHANGED;
  } finally {
    closeSync(file);
  }
}

function isStill(file: number, before: Stats, size: number): boolean {
  const after = fstatSync(file);
  return size === before.size && after.size === size && after.mtimeMs === before.mtimeMs;
}

async function readPieces(
  file: number,
  expected: number,
  { buffer, keep }: { readonly buffer: Buffer; readonly keep: number },
): Promise<ReadFile> {
  const hash = createHash("sha256");
  let end: Buffer = Buffer.alloc(0);
  let size = 0;
  // A file that grows faster than it is read has no end.
  while (size <= expected) {
    const bytesRead = readSync(file, buffer, 0, buffer.length, null);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    size += bytesRead;
    if (keep > 0) end = Buffer.concat([end, piece]).subarray(-keep);
    await setImmediate();
  }
  return { size, sha256: hash.digest("hex"), end };
}

/** Size and digest of a file as it is now, whoever may be writing to it. */
export async function digestFile(path: string): Promise<FileDigest> {
  await using file = await open(path);
  const hash = createHash("sha256");
  let size = 0;
  for await (const piece of file.createReadStream({ highWaterMark: READ_BYTES, autoClose: false })) {
    if (!(piece instanceof Buffer)) throw new Error("a file is read as bytes");
    hash.update(piece);
    size += piece.length;
  }
  return { size, sha256: hash.digest("hex") };
}
