import { describe, expect, it } from "vitest";

import type { Phase } from "../../src/events.ts";
import { UNKNOWN_DIGEST, type Ledger, type LedgerFile } from "../../src/ledger/ledger.ts";
import { bytesSaved, planSiblings } from "../../src/plan/siblings.ts";
import type { Asset } from "../../src/scan/asset.ts";

const OURS = "a".repeat(64);
const THEIRS = "b".repeat(64);
const HEADERS = { "content-type": "text/javascript; charset=utf-8", "cache-control": "immutable" };
const PACKED = { ...HEADERS, "content-encoding": "br" };
const BR = { compress: ["br"], privateMaps: false } as const;

function asset(more: Partial<Asset> = {}): Asset {
  return { key: "a.js", path: "/a.js", size: 5000, sha256: OURS, phase: "fingerprinted", headers: HEADERS, ...more };
}

function row(more: Partial<LedgerFile> = {}): LedgerFile {
  return { size: 9, sha256: THEIRS, headers: PACKED, revision: 3, ...more };
}

function ledgerOf(files: Readonly<Record<string, LedgerFile>>): Ledger {
  return { revision: 9, files: new Map(Object.entries(files)), releases: new Map() };
}

const FILE = row({ sha256: OURS, headers: HEADERS });

describe("a sibling that the target has", () => {
  it("is taken for what it is, unmade", () => {
    const { known, toMake } = planSiblings([asset()], ledgerOf({ "a.js": FILE, "a.js.br": row() }), BR);
    expect(toMake).toEqual([]);
    expect(known).toMatchObject([{ key: "a.js.br", size: 9, sha256: THEIRS, headers: PACKED, path: "", made: true }]);
  });

  it.each<[string, Partial<Asset>, Readonly<Record<string, LedgerFile>>]>([
    ["is older than the file's row", {}, { "a.js": { ...FILE, revision: 4 }, "a.js.br": row() }],
    ["is of other bytes of the file", {}, { "a.js": { ...FILE, sha256: THEIRS }, "a.js.br": row() }],
    ["is of a file that the ledger lacks", {}, { "a.js.br": row() }],
    ["is in doubt", {}, { "a.js": FILE, "a.js.br": row({ sha256: UNKNOWN_DIGEST }) }],
    ["has other headers", {}, { "a.js": FILE, "a.js.br": row({ headers: HEADERS }) }],
    ["is of a plain name", { phase: "plain" }, { "a.js": FILE, "a.js.br": row() }],
  ])("is made again when it %s", (_, more, files) => {
    const { known, toMake } = planSiblings([asset(more)], ledgerOf(files), BR);
    expect([known.length, toMake.map(({ key }) => key)]).toEqual([0, ["a.js.br"]]);
  });
});

function made(more: Partial<Asset>, privateMaps = false): number {
  return planSiblings([asset(more)], ledgerOf({}), { compress: ["br", "gzip"], privateMaps }).toMake.length;
}

describe("siblings are made", () => {
  it.each<[string, number, Partial<Asset>]>([
    ["of text", 2, {}],
    ["of a source map", 2, { key: "a.js.map" }],
    ["of JSON of whatever kind", 2, { headers: { ...HEADERS, "content-type": "application/ld+json" } }],
    ["of a truetype font", 2, { headers: { ...HEADERS, "content-type": "font/ttf" } }],
    ["not of a packed font", 0, { headers: { ...HEADERS, "content-type": "font/woff2" } }],
    ["not of a picture", 0, { headers: { ...HEADERS, "content-type": "image/png" } }],
    ["not of what is encoded already", 0, { headers: PACKED }],
    ["not of a manifest", 0, { phase: "manifest" satisfies Phase }],
    ["not of what is too small", 0, { size: 999 }],
    ["not of what is too large for memory", 0, { size: 64 * 2 ** 20 + 1 }],
  ])("%s", (_, count, more) => {
    expect(made(more)).toBe(count);
  });

  it("not of private source maps", () => {
    expect(made({ key: "maps/a.js.map" }, true)).toBe(0);
  });

  it("not where the build has made them", () => {
    const { toMake } = planSiblings([asset(), asset({ key: "a.js.br", headers: PACKED })], ledgerOf({}), BR);
    expect(toMake).toEqual([]);
  });
});

describe("what compression saves", () => {
  it("is counted by the smallest sibling of each file", () => {
    const files = [asset(), asset({ key: "a.js.br", size: 100 }), asset({ key: "a.js.gz", size: 200 })];
    expect(bytesSaved([...files, asset({ key: "b.js" }), asset({ key: "b.js.gz", size: 6000 })])).toBe(4900);
  });
});
