import { zstdDecompressSync, zstdCompressSync } from "node:zlib";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { AssetSyncError } from "../../src/errors.ts";
import { decodeLedger, encodeLedger, UNPACKED_AT_MOST } from "../../src/ledger/format.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { storedFault } from "../../src/ledger/stored.ts";
import { ledgers, plainLedger } from "./ledger-arbitrary.ts";
import { mutated, mutations } from "./mutation.ts";

type Parts = Record<string, unknown>;

const FILES = {
  key: ["a", "b"],
  size: [1, 2],
  sha256: Buffer.alloc(64, 1).toString("base64"),
  headers: [0, 0],
  revision: [1, 2],
};
const HEADERS = [{ "cache-control": "no-cache", "content-type": "text/css" }];

const packed = (parts: Parts): Buffer =>
  zstdCompressSync(
    JSON.stringify({ format: "slipway-ledger/1", headers: HEADERS, files: FILES, releases: {}, ...parts }),
  );
const files = (parts: Parts): Parts => ({ files: { ...FILES, ...parts } });
const release = (parts: unknown): Parts => ({ releases: { v0: parts } });
const runs = (list: unknown): Parts => release({ at: 1, runs: list });

describe("a damaged ledger", () => {
  it("is not what the tests begin with", () => {
    expect(decodeLedger(packed(runs([0, 2])), "here").releases.get("v0")?.keys).toEqual(["a", "b"]);
  });

  it.each<[string, Parts, RegExp]>([
    ["header sets that are texts", { headers: ["x"] }, /headers\[0\] is not an object/],
    ["a header set of null", { headers: [null] }, /headers\[0\] is not an object/],
    ["conditions it does not know", { conditions: "maybe" }, /conditions is neither kept nor ignored/],
    ["half a pin", release({ at: 1, pins: 0.5, runs: [] }), /pins is not an integer/],
    ["a header set without type", { headers: [{ "cache-control": "x" }] }, /no good content-type/],
    [
      "a header with a line break",
      { headers: [{ ...HEADERS[0], "content-type": "a\r\nb: c" }] },
      /no good content-type/,
    ],
    ["a header it does not know", { headers: [{ ...HEADERS[0], etag: "x" }] }, /unknown member "etag"/],
    ["numbers for keys", files({ key: [1, 2] }), /key\[0\] is not a text/],
    ["keys out of order", files({ key: ["b", "a"] }), /key\[1\] does not follow/],
    ["a key twice", files({ key: ["a", "a"] }), /key\[1\] does not follow/],
    ["a key that leads elsewhere", files({ key: ["../a", "b"] }), /key\[0\] is not a key/],
    ["a negative size", files({ size: [-1, 2] }), /size\[0\] is not an integer/],
    ["half a byte", files({ size: [0.5, 2] }), /size\[0\] is not an integer/],
    ["a column too short", files({ size: [1] }), /size has 1 rows, files\.key 2/],
    ["a revision beyond numbers", files({ revision: [1, 1e308] }), /revision\[1\] is not an integer/],
    ["a revision with no next", files({ revision: [1, Number.MAX_SAFE_INTEGER] }), /revision\[1\] is not an integer/],
    ["a header set that is not there", files({ headers: [0, 1] }), /headers\[1\] is not an integer from 0 to 0/],
    ["garbage before the digests", files({ sha256: `??${FILES.sha256}` }), /sha256 is not base64/],
    ["padding among the digests", files({ sha256: `${"A".repeat(4 * 4096 - 1)}=AAAA` }), /sha256 is not base64/],
    ["a digest too few", files({ sha256: Buffer.alloc(32).toString("base64") }), /sha256 has 32 bytes for 2 rows/],
    ["digests that are no text", files({ sha256: [] }), /sha256 is not a text/],
    ["a column it does not know", files({ etag: [] }), /unknown member "etag"/],
    ["a list of releases", { releases: [] }, /releases is not an object/],
    ["a release of null", release(null), /releases\["v0"\] is not an object/],
    ["a release with no name", { releases: { "": { at: 1, runs: [] } } }, /not the name of a release/],
    ["a time that no date has", release({ at: 1e300, runs: [] }), /\.at is not an integer/],
    ["negative runs", runs([-5, 6]), /runs\[0\] is not an integer/],
    ["halves of runs", runs([0.5, 0.5]), /runs\[0\] is not an integer/],
    ["texts for runs", runs(["0", "1"]), /runs\[0\] is not an integer/],
    ["runs beyond the keys", runs([1, 2]), /runs covers 3 keys of 2/],
    ["a run of nothing", runs([0, 1, 0, 1]), /runs\[2\] is not an integer/],
    ["a part it does not know", { extra: 1 }, /unknown member "extra"/],
  ])("with %s says what is wrong", (_, parts, reason) => {
    expect(failureOf(packed(parts))).toMatchObject({
      code: "ASSET_SYNC_LEDGER_DAMAGED",
      message: expect.stringMatching(reason),
    });
  });

  it("that unpacks to more than a ledger ever has is given up in time", () => {
    const bomb = zstdCompressSync(Buffer.alloc(UNPACKED_AT_MOST + 1));
    expect(bomb.length).toBeLessThan(UNPACKED_AT_MOST / 100);
    expect(failureOf(bomb).message).toContain("unpacks to more than 268435456 bytes");
  });

  it("with one changed bit anywhere is not read as another", async () => {
    const ledger = fc.sample(ledgers, { numRuns: 1, seed: 7 })[0];
    if (ledger === undefined) throw new Error("no sample");
    const bytes = await encodeLedger(ledger);
    const read = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return decodedOrRefused(changed);
    });
    // Some bits of a frame's header say nothing about its content.
    const taken = read.filter((one) => one !== undefined);
    expect(taken.map(plainLedger)).toEqual(taken.map(() => ledger));
    expect(taken.length).toBeLessThan(read.length / 10);
  });

  it("in another encoding than UTF-8 is not read with other keys", () => {
    const bytes = zstdDecompressSync(packed({}));
    bytes[bytes.indexOf('"a"') + 1] = 0xff;
    expect(failureOf(zstdCompressSync(bytes)).code).toBe("ASSET_SYNC_LEDGER_DAMAGED");
  });

  it("is either refused or as good as any, wherever it is changed", async () => {
    await fc.assert(
      fc.asyncProperty(ledgers, mutations, async (ledger, changes) => {
        const stored: unknown = JSON.parse(zstdDecompressSync(await encodeLedger(ledger)).toString());
        const text = JSON.stringify(mutated(stored, changes)) ?? "";
        const decoded = decodedOrRefused(zstdCompressSync(text));
        if (decoded === undefined) return;
        const bytes = await encodeLedger(decoded);
        const again: Parts = JSON.parse(zstdDecompressSync(bytes).toString());
        expect(storedFault(again)).toBeUndefined();
        expect(plainLedger(decodeLedger(bytes, "here"))).toEqual(plainLedger(decoded));
        for (const { at } of decoded.releases.values()) expect(new Date(at * 1000).toISOString()).toBeTypeOf("string");
      }),
      { numRuns: 3000 },
    );
  });
});

function decodedOrRefused(bytes: Buffer): Ledger | undefined {
  try {
    return decodeLedger(bytes, "here");
  } catch (error) {
    if (error instanceof AssetSyncError && /^ASSET_SYNC_LEDGER_(DAMAGED|UNKNOWN)$/.test(error.code)) return undefined;
    throw error;
  }
}

function failureOf(bytes: Buffer): AssetSyncError {
  try {
    decodeLedger(bytes, "here");
  } catch (error) {
    if (error instanceof AssetSyncError) return error;
    throw error;
  }
  throw new Error("the ledger was read");
}
