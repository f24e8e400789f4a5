import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

import { AssetSyncError, messageOf } from "../errors.ts";
import { headersText, type ObjectHeaders } from "../scan/headers.ts";
import { jsonBytes } from "./json-text.ts";
import { recordedRuns, storedRelease } from "./stored-release.ts";
import type { Collection, Ledger, LedgerFile, ReleaseRecord } from "./ledger.ts";
import { sortedRows } from "./sorted-rows.ts";
import { DIGEST_BYTES, LEDGER_FORMAT, storedFault, type StoredLedger } from "./stored.ts";

/**
 * The most bytes that a ledger unpacks to; packed bytes can stand for thousands of times their number. 50,000 keys in 20
 * releases are 8 MB, so this is room for more than a million.
 */
export const UNPACKED_AT_MOST: number = 256 * 2 ** 20;

/** Fast beats small: most of a ledger is digests, which no level shortens. The checksum tells a changed bit. */
const PACKING = {
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
} as const;

/** Room for the frame around bytes that do not get shorter. */
const PACKED_AT_LEAST = 4096;

/**
 * The stored bytes of a ledger: zstd of JSON, the same bytes for the same ledger. Refuses one that could not be read back:
 * whoever makes such a ledger has a bug.
 */
export function encodeLedger(ledger: Ledger): Buffer {
  const { keys, rows: files } = sortedRows(ledger.files);
  const { sets, places } = headerTable(files);
  const options = [...new Set(files.flatMap((file) => file.options ?? []))].toSorted();
  const runsOf = recordedRuns(keys);
  const stored = {
    format: LEDGER_FORMAT,
    ...(ledger.conditions === undefined ? {} : { conditions: ledger.conditions }),
    ...(ledger.collection === undefined ? {} : { collection: storedCollection(ledger.collection) }),
    headers: sets,
    ...(options.length === 0 ? {} : { options }),
    files: {
      key: keys,
      size: files.map((file) => file.size),
      sha256: digestColumn(files),
      headers: files.map((file) => places.get(file.headers)),
      revision: files.map((file) => file.revision),
      ...(options.length === 0 ? {} : { options: files.map((file) => options.indexOf(file.options ?? "") + 1) }),
    },
    releases: Object.fromEntries(
      [...ledger.releases]
        .toSorted(([left], [right]) => (left < right ? -1 : 1))
        .map(([id, release]) => {
          const { at, pins } = release;
          return [id, { at, ...(pins === undefined ? {} : { pins }), runs: runsOf(release) }];
        }),
    ),
  };
  const fault = storedFault(stored);
  if (fault !== undefined) throw new Error(`a ledger that cannot be read back is not written: ${fault}`);
  const bytes = jsonBytes(stored);
  // Into one piece: of many, all would be held twice while they are put together.
  return zstdCompressSync(bytes, { ...PACKING, chunkSize: bytes.length + PACKED_AT_LEAST });
}

function storedCollection({ revision, claims }: Collection): Collection {
  return {
    revision,
    claims: claims.map(({ id, keys, until, ...claim }) => ({
      revision: claim.revision,
      ...(id === undefined ? {} : { id }),
      keys,
      until,
    })),
  };
}

/** Into one buffer: a text of all digests in hex would be needed for a moment, and be as large as the ledger. */
function digestColumn(files: readonly LedgerFile[]): string {
  const bytes = Buffer.allocUnsafe(files.length * DIGEST_BYTES);
  for (const [index, { sha256 }] of files.entries()) bytes.write(sha256, index * DIGEST_BYTES, DIGEST_BYTES, "hex");
  return bytes.toString("base64");
}

interface HeaderTable {
  readonly sets: readonly Partial<ObjectHeaders>[];
  /** Where in `sets` the headers of a file are; files share few objects of headers, so that looking for one is cheap. */
  readonly places: ReadonlyMap<LedgerFile["headers"], number>;
}

function headerTable(files: readonly LedgerFile[]): HeaderTable {
  const texts = new Map<LedgerFile["headers"], string>();
  for (const { headers } of files) if (!texts.has(headers)) texts.set(headers, headersText(headers));
  const order = [...new Set(texts.values())].toSorted();
  const position = new Map(order.map((text, index) => [text, index]));
  const places = new Map([...texts].map(([headers, text]) => [headers, position.get(text) ?? 0]));
  const byText = new Map([...texts].map(([headers, text]) => [text, headers]));
  return { sets: order.map((text) => sortedHeaders(byText.get(text) ?? {})), places };
}

function sortedHeaders(headers: LedgerFile["headers"]): Partial<ObjectHeaders> {
  return Object.fromEntries(Object.entries(headers).toSorted(([left], [right]) => (left < right ? -1 : 1)));
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
  for (const [id, release] of Object.entries(stored.releases)) releases.set(id, storedRelease(key, release));
  const { conditions, collection } = stored;
  let revision = collection?.revision ?? 0;
  for (const one of stored.files.revision) if (one > revision) revision = one;
  return {
    revision,
    files: readFiles(stored),
    releases,
    ...(conditions === undefined ? {} : { conditions }),
    ...(collection === undefined ? {} : { collection }),
  };
}

function readFiles(stored: StoredLedger): ReadonlyMap<string, LedgerFile> {
  const { key, size, headers, revision } = stored.files;
  const digests = Buffer.from(stored.files.sha256, "base64").toString("hex");
  const files = new Map<string, LedgerFile>();
  let at = 0;
  for (const name of key) {
    const set = stored.headers[headers[at] ?? 0];
    if (set === undefined) throw new Error(`row ${at} of the ledger was not checked`);
    const sha256 = digests.slice(2 * DIGEST_BYTES * at, 2 * DIGEST_BYTES * (at + 1));
    const options = stored.options?.[(stored.files.options?.[at] ?? 0) - 1];
    const row = { size: size[at] ?? 0, revision: revision[at] ?? 0, headers: set, sha256 };
    files.set(name, options === undefined ? row : { ...row, options });
    at += 1;
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
    const unpacked = zstdDecompressSync(bytes, { maxOutputLength: UNPACKED_AT_MOST });
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(unpacked));
  } catch (cause) {
    if (cause instanceof RangeError && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE") {
      throw damaged(place, `it unpacks to more than ${UNPACKED_AT_MOST} bytes`, cause);
    }
    throw damaged(place, messageOf(cause), cause);
  }
}

function damaged(place: string, reason: string, cause?: unknown): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_LEDGER_DAMAGED", `Ledger ${place} cannot be read: ${reason}.`, { cause });
}
