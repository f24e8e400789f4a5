import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Ledger, ReleaseRecord } from "../../src/ledger/ledger.ts";
import { isNewest, recordingTime } from "../../src/ledger/release-order.ts";
import { retain, type RetentionRules } from "../../src/ledger/retention.ts";
import { ledgers } from "../ledger/ledger-arbitrary.ts";

const HOUR = 3600;
const RULES: RetentionRules = { keep: 1, minAge: 0, running: new Set() };

/** Releases recorded an hour apart, each with a file of its own and one that all share. */
function history(count: number, special: Readonly<Record<string, Partial<ReleaseRecord>>> = {}): Ledger {
  const ids = Array.from({ length: count }, (_, index) => `v${index + 1}`);
  const row = { size: 1, sha256: "a".repeat(64), headers: {}, revision: 1 };
  return {
    revision: 1,
    files: new Map(["assets/shared.js", ...ids.map((id) => `assets/${id}.js`)].map((key) => [key, row])),
    releases: new Map(
      ids.map((id, index) => [
        id,
        { at: (index + 1) * HOUR, keys: [`assets/${id}.js`, "assets/shared.js"], ...special[id] },
      ]),
    ),
  };
}

const kept = (ledger: Ledger, rules: Partial<RetentionRules>, now: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    retain(ledger, { ...RULES, ...rules }, now).kept.map(({ release, reasons }) => [release, reasons.join(" ")]),
  );

describe("retention", () => {
  it("keeps the last N releases, and what nobody else needs goes", () => {
    const { dropped, unneeded } = retain(history(4), { ...RULES, keep: 2 }, 100 * HOUR);
    expect({ dropped, unneeded }).toEqual({ dropped: ["v2", "v1"], unneeded: ["assets/v1.js", "assets/v2.js"] });
    expect(kept(history(4), { keep: 2 }, 100 * HOUR)).toEqual({ v4: "newest", v3: "recent" });
  });

  it.each(["adopted-9000", "rebuilt-1f3c9a2b"])("lets %s take no release's place", (found) => {
    const { releases, ...ledger } = history(2);
    const at = 9 * HOUR;
    const after = {
      ...ledger,
      releases: new Map<string, ReleaseRecord>([...releases, [found, { at, pins: 2, keys: ["assets/v1.js"] }]]),
    };
    expect(kept(after, { keep: 1 }, 100 * HOUR)).toEqual({ [found]: "recent", v2: "newest" });
    const build = { at: 10 * HOUR, keys: ["assets/shared.js"] };
    const later = { ...after, releases: new Map<string, ReleaseRecord>([...after.releases, ["v3", build]]) };
    expect(kept(later, { keep: 1 }, 100 * HOUR)).toEqual({ v3: "newest" });
    expect(kept(later, { keep: 2 }, 100 * HOUR)).toEqual({ v3: "newest", [found]: "recent", v2: "recent" });
    expect(kept(later, { keep: 1, minAge: HOUR }, 10.5 * HOUR)).toEqual({
      v3: "newest",
      [found]: "young",
      v2: "young",
    });
  });

  it("counts age from when a release was superseded, not from when it was recorded", () => {
    const up = history(2, { v1: { at: 1 }, v2: { at: 1000 * HOUR } });
    expect(kept(up, { minAge: HOUR }, 1000 * HOUR + HOUR - 1)).toEqual({ v2: "newest", v1: "young" });
    expect(kept(up, { minAge: HOUR }, 1000 * HOUR + HOUR)).toEqual({ v2: "newest" });
  });

  it("counts age from when a release left the last N: which of them was up nobody can tell", () => {
    const weeks = history(4, { v1: { at: 1 }, v2: { at: 2 }, v3: { at: 999 * HOUR }, v4: { at: 1000 * HOUR } });
    const now = 1000 * HOUR + 60;
    expect(kept(weeks, { keep: 2, minAge: HOUR }, now)).toEqual({ v4: "newest", v3: "recent", v2: "young" });
  });

  it.each([
    ["the newest however old it is", {}, {}, { v4: "newest" }],
    ["pinned ones", { v2: { pins: 1 } }, {}, { v4: "newest", v2: "pinned" }],
    ["none that were unpinned again", { v2: { pins: 2 } }, {}, { v4: "newest" }],
    ["those that run", {}, { running: new Set(["v1"]) }, { v4: "newest", v1: "running" }],
  ])("keeps %s", (_, special, rules, expected) => {
    expect(kept(history(4, special), rules, 1e6 * HOUR)).toEqual(expected);
  });

  it("never lets go of a key that a kept release needs, and forgets all that it may", () => {
    fc.assert(
      fc.property(ledgers, fc.integer({ min: 1, max: 3 }), fc.nat(100), fc.nat(), (ledger, keep, minAge, now) => {
        const { kept: left, dropped, unneeded } = retain(ledger, { keep, minAge, running: new Set() }, now);
        const needed = new Set(left.flatMap(({ release }) => ledger.releases.get(release)?.keys ?? []));
        expect(unneeded.filter((key) => needed.has(key))).toEqual([]);
        expect(unneeded.length + needed.size).toBe(ledger.files.size);
        expect(left.length + dropped.length).toBe(ledger.releases.size);
        expect(left.length).toBeGreaterThanOrEqual(Math.min(keep, ledger.releases.size));
      }),
    );
  });
});

describe("the time a release is recorded with", () => {
  it.each([
    ["a first one", { releases: new Map(), id: "v1" }, 50, 50],
    ["one after others", { releases: history(2).releases, id: "v3" }, 9 * HOUR, 9 * HOUR],
    ["one on a machine whose clock is behind", { releases: history(2).releases, id: "v3" }, 5, 2 * HOUR + 1],
    ["an old one that is rolled back to", { releases: history(2).releases, id: "v1" }, 2 * HOUR, 2 * HOUR + 1],
    ["the newest once more", { releases: history(2).releases, id: "v2" }, 5, 2 * HOUR],
  ])("of %s", (_, { releases, id }, now, expected) => {
    const ledger = { ...history(0), releases };
    const at = recordingTime(ledger, id, now);
    expect(at).toBe(expected);
    const after = { ...ledger, releases: new Map([...releases, [id, { at, keys: [] }]]) };
    expect(isNewest(after, id)).toBe(true);
  });
});
