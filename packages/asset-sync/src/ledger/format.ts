import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress, zstdDecompressSync } from "node:zlib";

import { AssetSyncError, messageOf } from "../errors.ts";
import { fileColumns } from "./file-columns.ts";
import { jsonPieces } from "./json-text.ts";
import type { Collection, Ledger, ReleaseRecord } from "./ledger.ts";
import { sortedKeys } from "./sorted-keys.ts";
import { storedFiles } from "./stored-files.ts";
import { recordedRuns, storedRelease } from "./stored-release.ts";
import { LEDGER_FORMAT, storedFault, type StoredLedger } from "./stored.ts";

/**
 * The most bytes that a ledger unpacks to; packed bytes can stand for thousands of times their number. 50,000 keys in 20
 * releases are 8 MB, so this is room for more than a million.
 */
export const UNPACKED_AT_MOST: number = 256 * 2 ** 20;

const PACKING = {
  // Fast beats small: most of a ledger is digests, which no level shortens. The checksum tells a changed bit.
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
  // Packed bytes are handed over in pieces of so many: with the usual 16 KB that takes longer than the packing.
  chunkSize: 2 ** 18,
  // One piece of JSON at a time: Node ends the frame twice where the last one still waits for another.
  writableHighWaterMark: 1,
} as const;

/** A ledger has less than so many bytes for each that is stored, since half of these are digests, which do not pack. */
const UNPACKED_PER_BYTE = 4;

/** The smallest buffer to unpack into: a small ledger is mostly names of headers, which pack well. */
const UNPACKED_AT_LEAST = 4096;

/**
 * The stored bytes of a ledger: zstd of JSON, the same bytes for the same ledger. Refuses one that could not be read back:
 * whoever makes such a ledger has a bug.
 */
export async function encodeLedger(ledger: Ledger): Promise<Buffer> {
  const keys = sortedKeys(ledger.files.keys());
  const { headers, options, files } = fileColumns(keys, ledger.files);
  const runsOf = recordedRuns(keys);
  const stored = {
    format: LEDGER_FORMAT,
    ...(ledger.conditions === undefined ? {} : { conditions: ledger.conditions }),
    ...(ledger.collection === undefined ? {} : { collection: storedCollection(ledger.collection) }),
    headers,
    ...(options.length === 0 ? {} : { options }),
    files,
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
  return packed(jsonPieces(stored));
}

async function packed(pieces: Iterable<Buffer>): Promise<Buffer> {
  return pipeline(pieces, createZstdCompress(PACKING), async (chunks: AsyncIterable<Buffer>) => {
    const all: Buffer[] = [];
    for await (const chunk of chunks) all.push(chunk);
    return Buffer.concat(all);
  });
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
    files: storedFiles(stored),
    releases,
    ...(conditions === undefined ? {} : { conditions }),
    ...(collection === undefined ? {} : { collection }),
  };
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
    return JSON.parse(unpackedText(bytes));
  } catch (cause) {
    if (cause instanceof RangeError && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE") {
      throw damaged(place, `it unpacks to more than ${UNPACKED_AT_MOST} bytes`, cause);
    }
    throw damaged(place, messageOf(cause), cause);
  }
}

/** Apart from the parsing, which lasts: the bytes are not held for as long. */
function unpackedText(bytes: Uint8Array): string {
  // Of many pieces, all would be held twice while they are put together.
  const chunkSize = Math.max(UNPACKED_AT_LEAST, UNPACKED_PER_BYTE * bytes.length);
  const unpacked = zstdDecompressSync(bytes, { maxOutputLength: UNPACKED_AT_MOST, chunkSize });
  const text = new TextDecoder("utf-8", { fatal: true }).decode(unpacked);
  // Collecting garbage would give these bytes back some time; what is parsed needs as much at once. No other buffer lies in them.
  if (unpacked.byteLength > Buffer.poolSize) unpacked.buffer.transfer(0);
  return text;
}

function damaged(place: string, reason: string, cause?: unknown): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_LEDGER_DAMAGED", `Ledger ${place} cannot be read: ${reason}.`, { cause });
}
