import { describe, expect, it } from "vitest";

import type { Phase } from "../../src/events.ts";
import { UNKNOWN_DIGEST, type Ledger, type LedgerFile } from "../../src/ledger/ledger.ts";
import { correction, type BegunPut } from "../../src/plan/correction.ts";
import { makePlan } from "../../src/plan/plan.ts";
import type { Asset } from "../../src/scan/asset.ts";

const OURS = "a".repeat(64);
const THEIRS = "b".repeat(64);
const HEADERS = { "content-type": "text/plain", "cache-control": "no-cache" };
const REQUEST = { release: "v1", allowChanged: false, refresh: false };

describe("a plan", () => {
  it("sends what is in doubt again, a fingerprinted file only if its name is free", () => {
    const ledger = ledgerOf({ plain: row(UNKNOWN_DIGEST, 3), printed: row(UNKNOWN_DIGEST, 3) });
    const { puts } = makePlan([asset("plain", "plain"), asset("printed", "fingerprinted")], ledger, REQUEST);
    expect(puts.map(({ key, reason, onlyIfAbsent }) => [key, reason, onlyIfAbsent])).toEqual([
      ["plain", "in doubt", false],
      ["printed", "in doubt", true],
    ]);
  });

  it("with refresh believes the ledger in nothing", () => {
    const ledger = ledgerOf({ m: row(OURS, 1), p: row(OURS, 1), q: row(OURS, 1) });
    const assets = [asset("m", "manifest"), asset("p", "plain"), asset("q", "fingerprinted")];
    const made = makePlan(assets, ledger, { ...REQUEST, refresh: true });
    expect(made.puts.map(({ key, reason }) => [key, reason])).toEqual([
      ["m", "refresh"],
      ["p", "refresh"],
      ["q", "refresh"],
    ]);
    expect(made).toMatchObject({ unchanged: [], recordsRelease: true });
  });

  it.each([
    ["a release", { releases: new Map([["v0", { at: 1, keys: [] }]]) }],
    ["a file", { files: new Map([["k", row(OURS, 1)]]) }],
  ])("refuses an empty build where the ledger knows %s", (_, known) => {
    expect(() => makePlan([], { ...ledgerOf({}), ...known }, REQUEST)).toThrow(/hold no file/);
  });
});

describe("the correction of a ledger after a failed run", () => {
  it.each<readonly [string, Partial<BegunPut>, LedgerFile | undefined, string | undefined]>([
    ["arrived over the row that stands", { over: 3, arrived: true }, row(THEIRS, 3), OURS],
    ["arrived where there is no row", { over: 0, arrived: true }, undefined, OURS],
    [
      "arrived, but another build has recorded its own since",
      { over: 3, arrived: true },
      row(THEIRS, 4),
      UNKNOWN_DIGEST,
    ],
    ["arrived, and the same is recorded since", { over: 3, arrived: true }, row(OURS, 4), undefined],
    ["was under way over the row that stands", { over: 3 }, row(THEIRS, 3), UNKNOWN_DIGEST],
    ["was under way with the bytes of the row that stands", { over: 3 }, row(OURS, 3), UNKNOWN_DIGEST],
    ["was under way where there is no row", { over: 0 }, undefined, undefined],
  ])("a put that %s", (_, begun, known, digest) => {
    const put = { ...asset("k", "plain"), reason: "changed bytes", onlyIfAbsent: false } as const;
    const ledger = ledgerOf(known === undefined ? {} : { k: known });
    const made = correction([{ put, over: 0, arrived: false, ...begun }], ledger);
    expect(made?.files.get("k")?.sha256).toBe(digest);
    expect(made?.files.get("k")?.revision).toBe(digest === undefined ? undefined : ledger.revision + 1);
    expect(made?.releases.size ?? 0).toBe(0);
  });
});

function asset(key: string, phase: Phase): Asset {
  return { key, path: `/${key}`, size: 1, sha256: OURS, phase, headers: HEADERS };
}

function row(sha256: string, revision: number): LedgerFile {
  return { size: 1, sha256, headers: HEADERS, revision };
}

function ledgerOf(files: Readonly<Record<string, LedgerFile>>): Ledger {
  const revision = Object.values(files).reduce((highest, file) => Math.max(highest, file.revision), 0);
  return { revision, files: new Map(Object.entries(files)), releases: new Map() };
}
