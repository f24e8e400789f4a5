import { AssetSyncError, listed } from "../errors.ts";
import { differenceText, isInPlace, type PlannedPut } from "../plan/plan.ts";
import { headersText } from "../scan/headers.ts";
import { look } from "../store/look.ts";
import type { ObjectAttributes, Store, StoredHead } from "../store/store.ts";
import { isLarge, md5OfFile, putFile, readUnchanged } from "./file-body.ts";

/** What became of one file: sent, given its headers in place, or found there with the same bytes and headers. */
export type Upload = "stored" | "copied" | "present";

/** How files are brought. */
export interface UploadManner {
  readonly store: Store;
  /** Lets a fingerprinted name get other bytes. */
  readonly allowChanged: boolean;
  readonly attributes: ObjectAttributes;
  readonly signal: AbortSignal | undefined;
}

/** A key that keeps coming and going is somebody else's doing; there is no point in racing on. */
const ROUNDS = 4;

const SAME = Symbol("the same bytes");
const GONE = Symbol("nothing any more");

/** Brings one file: where only its headers are other ones, in place, else by sending it. */
export async function upload(put: PlannedPut, manner: UploadManner): Promise<Upload> {
  if (isInPlace(put.reason) && (await replaceHeaders(put, manner))) return "copied";
  const found = isLikelyThere(put) ? await takeFound(put, manner) : undefined;
  if (found !== undefined) return found;
  if (put.onlyIfAbsent) return uploadOnce(put, manner);
  await putFile(manner.store, put, manner);
  return "stored";
}

/** Whether to look before sending: the ledger names a fingerprinted key, but cannot tell its bytes or is not believed. */
function isLikelyThere({ reason, onlyIfAbsent, phase }: PlannedPut): boolean {
  return reason === "in doubt" ? onlyIfAbsent : reason === "refresh" && phase === "fingerprinted";
}

async function takeFound(put: PlannedPut, manner: UploadManner): Promise<Upload | undefined> {
  const there = await look(manner.store, put.key, manner.signal);
  if (there?.size !== put.size) return undefined;
  const same = there.sha256 === put.sha256 || (await hasMd5(there, put));
  return same ? keepBytes(put, there, manner) : undefined;
}

/** What becomes of a file whose bytes are there; undefined when they are no longer those that were looked at. */
async function keepBytes(put: PlannedPut, there: StoredHead, manner: UploadManner): Promise<Upload | undefined> {
  if (headersText(put.headers) === headersText(there.headers)) return "present";
  return (await copyInPlace(put, there.version, manner)) ? "copied" : undefined;
}

/** What something else has put there has no saying of its SHA-256. */
async function hasMd5({ digest }: StoredHead, put: PlannedPut): Promise<boolean> {
  return digest?.algorithm === "md5" && digest.hex === (await md5OfFile(put.path));
}

/** Says whether the headers could be changed where the object lies: only if its bytes are ours. */
async function replaceHeaders(put: PlannedPut, manner: UploadManner): Promise<boolean> {
  const { store, signal } = manner;
  const version = isLarge(put) ? await largeVersion(put, store, signal) : store.versionOf(await readUnchanged(put));
  return version !== undefined && copyInPlace(put, version, manner);
}

async function copyInPlace(
  put: PlannedPut,
  version: string,
  { store, attributes, signal }: UploadManner,
): Promise<boolean> {
  const { key, sha256 } = put;
  const condition = { kind: "version", version } as const;
  const result = await store.copy({ key, sha256, headers: { ...put.headers }, attributes, condition }, signal);
  return result.outcome === "stored";
}

/** What came in parts has a version that only the store knows. */
async function largeVersion(
  put: PlannedPut,
  store: Store,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const there = await store.head(put.key, signal);
  return there?.sha256 === put.sha256 ? there.version : undefined;
}

/**
 * Sends a fingerprinted file to a key where nothing is expected. Where the key turns out to be taken, the bytes there are
 * compared with ours: the same bytes count as sent, under other headers once these are replaced in place; other bytes are an
 * error unless `allowChanged`.
 */
async function uploadOnce(put: PlannedPut, manner: UploadManner): Promise<Upload> {
  const { store, allowChanged, signal } = manner;
  for (let round = 0; round < ROUNDS; round += 1) {
    const result = await putFile(store, put, { ...manner, condition: { kind: "absent" } });
    if (result.outcome === "stored") return "stored";
    const there = await store.head(put.key, signal);
    const bytes = there === undefined ? GONE : await compareBytes(put, there, manner);
    if (there === undefined || bytes === GONE) {
      if (result.outcome === "refused") continue;
      // Without conditions, a look beforehand is all there is.
      await putFile(store, put, manner);
      return "stored";
    }
    const kept = bytes === SAME ? await keepBytes(put, there, manner) : undefined;
    if (kept !== undefined) return kept;
    if (typeof bytes === "string" && !allowChanged) throw bytesDiffer(put, bytes);
    await putFile(store, put, manner);
    return "stored";
  }
  throw new AssetSyncError(
    "ASSET_SYNC_STORE_FAILED",
    `${store.locate(put.key)} came and went ${ROUNDS} times while it was written.`,
  );
}

/** Whether the same bytes are stored, or none any more, or others; for others their SHA-256. */
async function compareBytes(
  put: PlannedPut,
  there: StoredHead,
  { store, signal }: UploadManner,
): Promise<string | symbol> {
  const { digest } = there;
  if (there.size === put.size) {
    if (there.sha256 === put.sha256) return SAME;
    if (digest?.algorithm === "sha256" && digest.hex === put.sha256) return SAME;
    if (await hasMd5(there, put)) return SAME;
  }
  // An ETag that is no MD5 of ours may still be one of encrypted bytes: only the bytes themselves can tell.
  const stored = there.sha256 ?? (await store.digest(put.key, signal));
  if (stored === undefined) return GONE;
  return stored === put.sha256 ? SAME : stored;
}

function bytesDiffer(put: PlannedPut, stored: string): AssetSyncError {
  return new AssetSyncError(
    "ASSET_SYNC_BYTES_DIFFER",
    `A fingerprinted name that no release names is taken by other bytes:${listed([differenceText(put.key, stored, put.sha256)], 1)}`,
  );
}
