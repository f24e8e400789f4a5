import { gunzipSync, gzipSync } from "node:zlib";

import { AssetSyncError } from "../errors.ts";
import { headersText, sortedHeaders } from "../scan/headers.ts";
import { fromRuns, toRuns } from "./key-set.ts";
import type { Ledger, LedgerFile, ReleaseRecord } from "./ledger.ts";
import { DIGEST_BYTES, LEDGER_FORMAT, storedFault, type StoredLedger } from "./stored.ts";

/**
 * The most bytes that a ledger unpacks to; gzip can hold a thousand times its size. 50,000 keys in 20 releases are
 * 8 MB, so this is room for more than a million.
 */
export const UNPACKED_AT_MOST: number = 256 * 2 ** 20;

/** The stored bytes of a ledger: gzip of JSON, the same bytes for the same ledger. */
export function encodeLedger(ledger: Ledger): Buffer {
  const keys = [...ledger.files.keys()].toSorted();
  const files = keys.map((key) => ledger.files.get(key)).filter((file) => file !== undefined);
  const texts = files.map((file) => headersText(file.headers));
  const headers = new Map(texts.map((text, index) => [text, files[index]?.headers]));
  const order = [...headers.keys()].toSorted();
  const place = new Map(order.map((text, index) => [text, index]));
  const stored = {
    format: LEDGER_FORMAT,
    headers: order.map((text) => headers.get(text)).map((set) => (set === undefined ? {} : sortedHeaders(set))),
    files: {
      key: keys,
      size: files.map((file) => file.size),
      sha256: Buffer.from(files.map((file) => file.sha256).join(""), "hex").toString("base64"),
      headers: texts.map((text) => place.get(text)),
      revision: files.map((file) => file.revision),
    },
    releases: Object.fromEntries(
      [...ledger.releases]
        .toSorted(([left], [right]) => (left < right ? -1 : 1))
        .map(([id, release]) => [id, { at: release.at, runs: toRuns(keys, release.keys) }]),
    ),
  };
  return gzipSync(JSON.stringify(stored));
}

/**
 * Reads stored bytes back.
 *
 * @param place names the object in errors
 * @throws AssetSyncError ASSET_SYNC_LEDGER_DAMAGED or ASSET_SYNC_LEDGER_UNKNOWN
 */
export function decodeLedger(bytes: Uint8Array, place: string): Ledger {
  const stored = readStored(bytes, place);
  const { key } = stored.files;
  const releases = new Map<string, ReleaseRecord>();
  for (const [id, { at, runs }] of Object.entries(stored.releases)) releases.set(id, { at, keys: fromRuns(key, runs) });
  const revision = stored.files.revision.reduce((highest, one) => Math.max(highest, one), 0);
  return { revision, files: readFiles(stored), releases };
}

function readFiles(stored: StoredLedger): ReadonlyMap<string, LedgerFile> {
  const { key, size, headers, revision } = stored.files;
  const digests = Buffer.from(stored.files.sha256, "base64");
  const files = new Map<string, LedgerFile>();
  for (const [index, name] of key.entries()) {
    const set = stored.headers[headers[index] ?? 0];
    if (set === undefined) throw new Error(`row ${index} of the ledger was not checked`);
    const sha256 = digests.toString("hex", index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);
    files.set(name, { size: size[index] ?? 0, revision: revision[index] ?? 0, headers: set, sha256 });
  }
  return files;
}

function readStored(bytes: Uint8Array, place: string): StoredLedger {
  const value = parse(bytes, place);
  if (typeof value !== "object" || value === null || !("format" in value)) throw damaged(place, "it names no format");
  if (value.format !== LEDGER_FORMAT) {
    throw new AssetSyncError(
      "ASSET_SYNC_LEDGER_UNKNOWN",
      `Ledger ${place} has the format ${JSON.stringify(value.format).slice(0, 80)}; this version reads ${LEDGER_FORMAT}.`,
    );
  }
  if (!isStored(value)) throw damaged(place, storedFault({ ...value }) ?? "");
  return value;
}

function isStored(value: object): value is StoredLedger {
  return storedFault({ ...value }) === undefined;
}

function parse(bytes: Uint8Array, place: string): unknown {
  try {
    const unpacked = gunzipSync(bytes, { maxOutputLength: UNPACKED_AT_MOST });
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(unpacked));
  } catch (cause) {
    if (cause instanceof RangeError && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE") {
      throw damaged(place, `it unpacks to more than ${UNPACKED_AT_MOST} bytes`, cause);
    }
    throw damaged(place, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function damaged(place: string, reason: string, cause?: unknown): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_LEDGER_DAMAGED", `Ledger ${place} cannot be read: ${reason}.`, { cause });
}
