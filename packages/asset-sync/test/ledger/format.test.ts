import { createHash } from "node:crypto";
import { getDefaultHighWaterMark, setDefaultHighWaterMark } from "node:stream";
import { zstdCompressSync } from "node:zlib";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decodeLedger, encodeLedger } from "../../src/ledger/format.ts";
import { fromRuns, insertions, toRuns, widenRuns } from "../../src/ledger/key-set.ts";
import { EMPTY_LEDGER, type Ledger, type LedgerFile } from "../../src/ledger/ledger.ts";
import { merge } from "../../src/ledger/merge.ts";
import { ledgers, ledgerText, plainLedger } from "./ledger-arbitrary.ts";

const readAgain = async (ledger: Ledger): Promise<Ledger> => decodeLedger(await encodeLedger(ledger), "here");

const WHOLE = await encodeLedger(sample(50, 2));

describe("the stored form", () => {
  it.each(["assets/", "assets//x.js", "assets/../x.js", ""])("is not made of a ledger with the key %j", async (key) => {
    const row = { size: 1, sha256: "a".repeat(64), headers: {}, revision: 1 };
    const ledger = { ...EMPTY_LEDGER, revision: 1, files: new Map([[key, row]]) };
    await expect(encodeLedger(ledger)).rejects.toThrow("files.key[0] is not a key");
  });

  it("is not made of a ledger with half a digest, which would be filled up with whatever memory held", async () => {
    const row = { size: 1, sha256: "a".repeat(32), headers: {}, revision: 1 };
    const ledger = { ...EMPTY_LEDGER, revision: 1, files: new Map([["a.js", row]]) };
    await expect(encodeLedger(ledger)).rejects.toThrow("the key a.js has a digest of 16 bytes");
  });

  it("gives back what was written", async () => {
    await fc.assert(
      fc.asyncProperty(ledgers, async (ledger) => {
        expect(plainLedger(await readAgain(ledger))).toEqual(ledger);
      }),
    );
  });

  it("gives back any set of keys, also over a list that has got more", () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(fc.string())
          .map((keys) => keys.toSorted())
          .chain((keys) => fc.tuple(fc.constant(keys), fc.subarray(keys))),
        ([keys, subset]) => {
          expect(fromRuns(keys, toRuns(keys, subset))).toEqual(subset);
          const more = keys.flatMap((key, n) => (n % 3 === 0 ? [key, `${key}\0`] : [key]));
          const longer = [...new Set(["", ...more])].toSorted();
          const places = insertions(keys, longer);
          if (places === undefined) throw new Error("all keys are in the longer list");
          expect(widenRuns(toRuns(keys, subset), places)).toEqual(toRuns(longer, subset));
        },
      ),
    );
  });

  it("is the same whether a release was read or made, whatever was merged meanwhile", async () => {
    await fc.assert(
      fc.asyncProperty(ledgers, ledgers, async (a, b) => {
        const made = await ledgerText(merge(a, b));
        expect(await ledgerText(merge(await readAgain(a), await readAgain(b)))).toBe(made);
        expect(await ledgerText(merge(await readAgain(a), b))).toBe(made);
      }),
    );
  });

  it("is the same whatever the streams of a host hold", async () => {
    const ledger = sample(5000, 2);
    const usual = await ledgerText(ledger);
    const held = getDefaultHighWaterMark(false);
    try {
      for (const bytes of [1, 2 ** 20]) {
        setDefaultHighWaterMark(false, bytes);
        expect(await ledgerText(ledger)).toBe(usual);
      }
    } finally {
      setDefaultHighWaterMark(false, held);
    }
  });

  it.each([
    ["not packed", Buffer.from("{}")],
    ["not JSON", zstdCompressSync("{")],
    ["cut off", WHOLE.subarray(0, 200)],
    ["without format", zstdCompressSync("{}")],
    ["without columns", zstdCompressSync('{"format":"slipway-ledger/1"}')],
    ["a short column", zstdCompressSync(JSON.stringify({ ...stored(), files: { ...stored().files, size: [] } }))],
    ["runs too long", zstdCompressSync(JSON.stringify({ ...stored(), releases: { v1: { at: 1, runs: [0, 9] } } }))],
    ["a wrong digest", zstdCompressSync(JSON.stringify({ ...stored(), files: { ...stored().files, sha256: "AAAA" } }))],
  ])("names the place when it is damaged: %s", (_, bytes) => {
    expect(() => decodeLedger(bytes, "s3://shop/ledger")).toThrow(
      expect.objectContaining({
        code: "ASSET_SYNC_LEDGER_DAMAGED",
        message: expect.stringContaining("s3://shop/ledger"),
      }),
    );
  });

  it("leaves a format it does not know alone", () => {
    expect(() => decodeLedger(zstdCompressSync('{"format":"slipway-ledger/2"}'), "here")).toThrow(
      expect.objectContaining({ code: "ASSET_SYNC_LEDGER_UNKNOWN" }),
    );
  });

  it("holds 50,000 keys and 20 releases in less than 4 MB, even with the longest fingerprints", async () => {
    const ledger = sample(50_000, 20);
    const bytes = await encodeLedger(ledger);
    expect(bytes.length).toBeLessThan(4_000_000);
    const { files, releases } = decodeLedger(bytes, "here");
    expect(releases.get("release-7")?.keys.length).toBe(ledger.releases.get("release-7")?.keys.length);
    expect([...files].filter(([key, { sha256 }]) => sha256 !== digest(key))).toEqual([]);
  });
});

function stored(): { files: Record<string, unknown> } & Record<string, unknown> {
  return {
    format: "slipway-ledger/1",
    headers: [{ "content-type": "text/css", "cache-control": "no-cache" }],
    files: { key: ["k"], size: [1], sha256: Buffer.alloc(32, 1).toString("base64"), headers: [0], revision: [1] },
    releases: {},
  };
}

function digest(seed: string): string {
  return createHash("sha256").update(seed).digest("hex");
}

/** A ledger as Sprockets would fill it: 64 hex digits in each name, each release with its own tenth of the files. */
function sample(files: number, releases: number): Ledger {
  const keys = Array.from(
    { length: files },
    (_, n) => `assets/pages/component_${n % 977}-${digest(`name${n}`)}.js`,
  ).toSorted();
  const entries = keys.map((key, n): [string, LedgerFile] => [
    key,
    {
      size: 1000 + (n % 9000),
      sha256: digest(key),
      revision: 1 + (n % releases),
      headers: {
        "content-type": "text/javascript; charset=utf-8",
        "cache-control": "public, max-age=31536000, immutable",
      },
    },
  ]);
  const release = (index: number): readonly string[] => keys.filter((_, n) => n % 10 !== 0 || n % releases === index);
  return {
    revision: releases,
    files: new Map(entries),
    releases: new Map(Array.from({ length: releases }, (_, n) => [`release-${n}`, { at: n, keys: release(n) }])),
  };
}
