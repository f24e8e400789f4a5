import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** Size in bytes and SHA-256 in lower-case hex of what a file holds. */
export interface FileDigest {
  readonly size: number;
  readonly sha256: string;
}

/** A file that was read: also the last bytes of it, as many as were asked for. */
export interface ReadFile extends FileDigest {
  readonly end: Buffer;
}

/** Said of a file that changed between the beginning and the end of the reading. */
export const CHANGED: unique symbol = Symbol("changed while it was read");

/** Bytes that one reader holds; a large file goes through in pieces of this. */
export const READ_BYTES: number = 256 * 1024;

/** SHA-256 of bytes in memory, lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Reads a file once, in pieces, so that its size does not matter to memory.
 *
 * @param buffer is read into, and may be used again for the next file
 * @param keep how many of the last bytes to give back
 */
export async function readOnce(path: string, buffer: Buffer, keep: number): Promise<ReadFile | typeof CHANGED> {
  await using file = await open(path);
  const before = await file.stat();
  const hash = createHash("sha256");
  const kept: Buffer[] = [];
  let size = 0;
  while (true) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    size += bytesRead;
    if (keep > 0) keepEnd(kept, Buffer.from(piece), keep);
    // A file that grows faster than it is read has no end.
    if (size > before.size || (size === before.size && bytesRead < buffer.length)) break;
  }
  const after = await file.stat();
  if (size !== before.size || after.size !== before.size || after.mtimeMs !== before.mtimeMs) return CHANGED;
  return { size, sha256: hash.digest("hex"), end: Buffer.concat(kept).subarray(-keep) };
}

function keepEnd(kept: Buffer[], piece: Buffer, keep: number): void {
  kept.push(piece);
  const held = (): number => kept.reduce((sum, one) => sum + one.length, 0);
  while (kept.length > 1 && held() - (kept[0]?.length ?? 0) >= keep) kept.shift();
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
