import { gunzipSync, gzipSync } from "node:zlib";

import { AssetSyncError } from "../errors.ts";
import { headersText, sortedHeaders, type ObjectHeaders } from "../scan/headers.ts";
import { fromRuns, toRuns } from "./key-set.ts";
import type { Ledger, LedgerFile, ReleaseRecord } from "./ledger.ts";

/** The format's name; a reader that does not know it must leave the ledger alone. */
export const LEDGER_FORMAT = "slipway-ledger/1";

const DIGEST_BYTES = 32;

/** Columns rather than rows: like stands beside like, which is what gzip shortens. */
interface StoredLedger {
  readonly format: typeof LEDGER_FORMAT;
  readonly headers: readonly ObjectHeaders[];
  readonly files: {
    readonly key: readonly string[];
    readonly size: readonly number[];
    /** 32 bytes a file, one after the other, in base64: shorter and faster to read than hex. */
    readonly sha256: string;
    readonly headers: readonly number[];
    readonly revision: readonly number[];
  };
  readonly releases: Readonly<Record<string, { readonly at: number; readonly runs: readonly number[] }>>;
}

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
  const files = readFiles(stored, place);
  const releases = new Map<string, ReleaseRecord>();
  for (const [id, release] of Object.entries(stored.releases)) {
    const keys = Array.isArray(release.runs) ? fromRuns(key, release.runs) : undefined;
    if (keys === undefined || typeof release.at !== "number")
      throw damaged(place, `release ${id} does not fit its files`);
    releases.set(id, { at: release.at, keys });
  }
  const revision = stored.files.revision.reduce((highest, one) => Math.max(highest, one), 0);
  return { revision, files, releases };
}

function readFiles(stored: StoredLedger, place: string): ReadonlyMap<string, LedgerFile> {
  const { key, size, headers, revision } = stored.files;
  const digests = Buffer.from(stored.files.sha256, "base64");
  if (digests.length !== key.length * DIGEST_BYTES) throw damaged(place, "the digests do not fit the keys");
  const files = new Map<string, LedgerFile>();
  for (const [index, name] of key.entries()) {
    const sha256 = digests.toString("hex", index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);
    const row = { size: size[index], revision: revision[index], headers: stored.headers[headers[index] ?? -1] };
    if (!isRow(row)) throw damaged(place, `row ${index} is not complete`);
    files.set(name, { ...row, sha256 });
  }
  if (files.size !== key.length) throw damaged(place, "a key stands in it twice");
  return files;
}

function readStored(bytes: Uint8Array, place: string): StoredLedger {
  const value = parse(bytes, place);
  if (typeof value !== "object" || value === null || !("format" in value)) throw damaged(place, "it names no format");
  if (value.format !== LEDGER_FORMAT) {
    throw new AssetSyncError(
      "ASSET_SYNC_LEDGER_UNKNOWN",
      `Ledger ${place} has the format ${JSON.stringify(value.format)}; this version reads ${LEDGER_FORMAT}.`,
    );
  }
  if (!isStored(value)) throw damaged(place, "a column is missing");
  return value;
}

function isStored(value: object): value is StoredLedger {
  const { headers, files, releases }: { headers?: unknown; files?: unknown; releases?: unknown } = value;
  if (typeof files !== "object" || files === null || typeof releases !== "object" || releases === null) return false;
  const columns = ["key", "size", "headers", "revision"].map((name): unknown => Reflect.get(files, name));
  return (
    "sha256" in files &&
    typeof files.sha256 === "string" &&
    [headers, ...columns].every((column) => Array.isArray(column))
  );
}

function parse(bytes: Uint8Array, place: string): unknown {
  try {
    return JSON.parse(gunzipSync(bytes).toString("utf8"));
  } catch (cause) {
    throw damaged(place, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

type Row = Omit<LedgerFile, "sha256">;

function isRow(row: { readonly [Name in keyof Row]: Row[Name] | undefined }): row is Row {
  return Number.isInteger(row.size) && Number.isInteger(row.revision) && row.headers !== undefined;
}

function damaged(place: string, reason: string, cause?: unknown): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_LEDGER_DAMAGED", `Ledger ${place} cannot be read: ${reason}.`, { cause });
}
