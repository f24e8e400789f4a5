import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** Size in bytes and SHA-256 in lower-case hex of what a file holds. */
export interface FileDigest {
  readonly size: number;
  readonly sha256: string;
}

const CHUNK = 1024 * 1024;

/** SHA-256 of bytes in memory, lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Reads a file once, in pieces, so that its size does not matter to memory. */
export async function digestFile(path: string): Promise<FileDigest> {
  await using file = await open(path);
  const known = (await file.stat()).size;
  const buffer = Buffer.allocUnsafe(Math.min(Math.max(known, 1), CHUNK));
  const hash = createHash("sha256");
  let size = 0;
  while (true) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length);
    if (bytesRead === 0) return { size, sha256: hash.digest("hex") };
    hash.update(buffer.subarray(0, bytesRead));
    size += bytesRead;
  }
}
