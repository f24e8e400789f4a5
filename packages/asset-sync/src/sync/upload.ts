import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import { AssetSyncError, type ErrorCode } from "../errors.ts";
import { differenceLine, type PlannedPut } from "../plan/plan.ts";
import { sha256 } from "../scan/digest.ts";
import { headersText } from "../scan/headers.ts";
import type { Store, StoredHead } from "../store/store.ts";

/** What became of one file: sent, given its headers in place, or found there with the same bytes and headers. */
export type Upload = "stored" | "copied" | "present";

/** A key that keeps coming and going is somebody else's doing; there is no point in racing on. */
const ROUNDS = 4;

const SAME = Symbol("the same bytes");
const GONE = Symbol("nothing any more");

/** Brings one file: where only its headers are other ones, in place, else by sending it. */
export async function upload(
  store: Store,
  put: PlannedPut,
  allowChanged: boolean,
  signal?: AbortSignal,
): Promise<Upload> {
  if (put.reason === "changed headers") {
    const result = await store.copy({ key: put.key, sha256: put.sha256, headers: { ...put.headers } }, signal);
    if (result.outcome === "stored") return "copied";
  }
  return send(store, put, allowChanged, signal);
}

/**
 * Sends one file. Where a fingerprinted key turns out to be taken, the bytes there are compared with ours: the same
 * bytes and headers are as good as sent, other headers are replaced, other bytes are an error unless `allowChanged`.
 */
async function send(
  store: Store,
  put: PlannedPut,
  allowChanged: boolean,
  signal: AbortSignal | undefined,
): Promise<Upload> {
  const body = await readUnchanged(put);
  const request = { key: put.key, body, sha256: put.sha256, headers: { ...put.headers } };
  if (!put.onlyIfAbsent) {
    await store.put(request, signal);
    return "stored";
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const result = await store.put({ ...request, condition: { kind: "absent" } }, signal);
    if (result.outcome === "stored") return "stored";
    const there = await store.head(put.key, signal);
    const bytes = there === undefined ? GONE : await compareBytes(store, { put, body, there }, signal);
    if (there === undefined || bytes === GONE) continue;
    if (bytes === SAME && headersText(put.headers) === headersText(there.headers)) return "present";
    if (typeof bytes === "string" && !allowChanged) throw bytesDiffer(put, bytes);
    await store.put(request, signal);
    return "stored";
  }
  throw failure(
    "ASSET_SYNC_STORE_FAILED",
    `${store.locate(put.key)} came and went ${ROUNDS} times while it was written.`,
  );
}

async function readUnchanged(put: PlannedPut): Promise<Buffer> {
  const body = await readFile(put.path).catch((cause: unknown) => {
    throw new AssetSyncError("ASSET_SYNC_FILE_CHANGED", `${put.path} was there when scanned, but cannot be read now.`, {
      cause,
    });
  });
  if (sha256(body) === put.sha256) return body;
  throw failure("ASSET_SYNC_FILE_CHANGED", `${put.path} has other bytes than when it was scanned.`);
}

/** Whether the same bytes are stored, or none any more, or others; for others their SHA-256. */
async function compareBytes(
  store: Store,
  ours: { readonly put: PlannedPut; readonly body: Buffer; readonly there: StoredHead },
  signal: AbortSignal | undefined,
): Promise<string | symbol> {
  const { put, body } = ours;
  const { digest } = ours.there;
  if (digest !== undefined && createHash(digest.algorithm).update(body).digest("hex") === digest.hex) return SAME;
  // An ETag that is no MD5 of ours may still be one of encrypted bytes: only the bytes themselves can tell.
  const object = await store.get(put.key, signal);
  if (object === undefined) return GONE;
  const stored = sha256(object.body);
  return stored === put.sha256 ? SAME : stored;
}

function bytesDiffer(put: PlannedPut, stored: string): AssetSyncError {
  return failure(
    "ASSET_SYNC_BYTES_DIFFER",
    `A fingerprinted name that no release names is taken by other bytes:${differenceLine(put.key, stored, put.sha256)}`,
  );
}

function failure(code: ErrorCode, message: string): AssetSyncError {
  return new AssetSyncError(code, message);
}
