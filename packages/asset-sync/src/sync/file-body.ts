import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { open, readFile, type FileHandle } from "node:fs/promises";

import { AssetSyncError } from "../errors.ts";
import type { PlannedPut } from "../plan/plan.ts";
import { READ_BYTES, sha256 } from "../scan/digest.ts";
import { heldByParts } from "../store/s3-multipart.ts";
import type { ObjectAttributes, PutCondition, PutResult, Store } from "../store/store.ts";

/** Files of more bytes go in parts. */
const LARGE = 16 * 1024 * 1024;

/** Whether a file is too large to be held. */
export function isLarge({ size }: PlannedPut): boolean {
  return size > LARGE;
}

/** Bytes that sending a file holds in memory. */
export function heldBytes(put: PlannedPut): number {
  return isLarge(put) ? heldByParts(put.size) : put.size;
}

/** What goes with a file's bytes. */
export interface PutManner {
  readonly attributes: ObjectAttributes;
  readonly condition?: PutCondition;
  readonly signal: AbortSignal | undefined;
}

/** Reads a file again and sends it, if it still is what was scanned. */
export async function putFile(store: Store, put: PlannedPut, manner: PutManner): Promise<PutResult> {
  const { attributes, condition, signal } = manner;
  const { key, size } = put;
  const words = {
    key,
    sha256: put.sha256,
    headers: { ...put.headers },
    attributes,
    ...(condition === undefined ? {} : { condition }),
  };
  if (!isLarge(put)) return store.put({ ...words, body: await readUnchanged(put) }, signal);
  await using file = await openAgain(put);
  const read = async (into: Buffer, at: number): Promise<number> =>
    (await file.read(into, 0, into.length, at)).bytesRead;
  return await store.putLarge({ ...words, size, read }, signal);
}

/**
 * The bytes of a file that is not large.
 *
 * @throws AssetSyncError ASSET_SYNC_FILE_CHANGED when they are not those that were scanned
 */
export async function readUnchanged(put: PlannedPut): Promise<Buffer> {
  const body = await readBody(put).catch((cause: unknown) => {
    throw unreadable(put, cause);
  });
  if (sha256(body) === put.sha256) return body;
  throw new AssetSyncError("ASSET_SYNC_FILE_CHANGED", `${put.path} has other bytes than when it was scanned.`);
}

/** A small file was read a moment ago and is in memory: to hand it to a thread costs more than to read it. */
async function readBody({ path, size }: PlannedPut): Promise<Buffer> {
  if (size > READ_BYTES) return readFile(path);
  const file = openSync(path, "r");
  try {
    const body = Buffer.allocUnsafeSlow(size);
    return body.subarray(0, readSync(file, body, 0, size, 0));
  } finally {
    closeSync(file);
  }
}

/** A file's MD5 in lower-case hex, for comparison with an entity tag. */
export async function md5OfFile(path: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

function openAgain(put: PlannedPut): Promise<FileHandle> {
  return open(put.path).catch((cause: unknown) => {
    throw unreadable(put, cause);
  });
}

function unreadable(put: PlannedPut, cause: unknown): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_FILE_CHANGED", `${put.path} was there when scanned, but cannot be read now.`, {
    cause,
  });
}
