import { gunzipSync, gzipSync } from "node:zlib";

import { AssetSyncError } from "../errors.ts";
import { headersText, sortedHeaders, type ObjectHeaders } from "../scan/headers.ts";
import { fromRuns, toRuns } from "./key-set.ts";
import type { Ledger, LedgerFile, ReleaseRecord } from "./ledger.ts";

/** The format's name; a reader that does not know it must leave the ledger alone. */
export const LEDGER_FORMAT = "slipway-ledger/1";

/** Columns rather than rows: like stands beside like, which is what gzip shortens. */
interface StoredLedger {
  readonly format: typeof LEDGER_FORMAT;
  readonly headers: readonly ObjectHeaders[];
  readonly files: {
    readonly key: readonly string[];
    readonly size: readonly number[];
    readonly sha256: readonly string[];
    readonly headers: readonly number[];
    readonly revision: readonly number[];
  };
  readonly releases: Readonly<Record<string, { readonly at: number; readonly runs: readonly number[] }>>;
}

/** The stored bytes of a ledger: gzip of JSON, the same bytes for the same ledger. */
export function encodeLedger(ledger: Ledger): Buffer {
  const rows = [...ledger.files].toSorted(byName);
  const keys = rows.map(([key]) => key);
  const headers = new Map<string, ObjectHeaders>();
  for (const [, file] of rows) headers.set(headersText(file.headers), sortedHeaders(file.headers));
  const texts = [...headers.keys()].toSorted();
  const place = new Map(texts.map((text, index) => [text, index]));
  const stored = {
    format: LEDGER_FORMAT,
    headers: texts.map((text) => headers.get(text)),
    files: {
      key: keys,
      size: rows.map(([, file]) => file.size),
      sha256: rows.map(([, file]) => file.sha256),
      headers: rows.map(([, file]) => place.get(headersText(file.headers)) ?? 0),
      revision: rows.map(([, file]) => file.revision),
    },
    releases: Object.fromEntries(
      [...ledger.releases]
        .toSorted(byName)
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
  const { key, size, sha256, headers, revision } = stored.files;
  const files = new Map<string, LedgerFile>();
  for (const [index, name] of key.entries()) {
    const row = { size: size[index], sha256: sha256[index], revision: revision[index] };
    const header = stored.headers[headers[index] ?? -1];
    if (!isRow(row) || header === undefined) throw damaged(place, `row ${index} is not complete`);
    files.set(name, { ...row, headers: header });
  }
  if (files.size !== key.length) throw damaged(place, "a key stands in it twice");
  const releases = new Map<string, ReleaseRecord>();
  for (const [id, release] of Object.entries(stored.releases)) {
    const keys = Array.isArray(release.runs) ? fromRuns(key, release.runs) : undefined;
    if (keys === undefined || typeof release.at !== "number")
      throw damaged(place, `release ${id} does not fit its files`);
    releases.set(id, { at: release.at, keys });
  }
  return { revision: revision.reduce((highest, one) => Math.max(highest, one), 0), files, releases };
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
  const columns = ["key", "size", "sha256", "headers", "revision"].map((name): unknown => Reflect.get(files, name));
  return [headers, ...columns].every((column) => Array.isArray(column));
}

function parse(bytes: Uint8Array, place: string): unknown {
  try {
    return JSON.parse(gunzipSync(bytes).toString("utf8"));
  } catch (cause) {
    throw damaged(place, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

type Row = Omit<LedgerFile, "headers">;

function isRow(row: { readonly [Name in keyof Row]: Row[Name] | undefined }): row is Row {
  return Number.isInteger(row.size) && Number.isInteger(row.revision) && /^[0-9a-f]{64}$/.test(row.sha256 ?? "");
}

function damaged(place: string, reason: string, cause?: unknown): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_LEDGER_DAMAGED", `Ledger ${place} cannot be read: ${reason}.`, { cause });
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
