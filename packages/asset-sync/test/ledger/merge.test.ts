import { isDeepStrictEqual } from "node:util";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { EMPTY_LEDGER, UNKNOWN_DIGEST, type Ledger, type LedgerFile } from "../../src/ledger/ledger.ts";
import { merge, mergeUnordered } from "../../src/ledger/merge.ts";
import { pinning } from "../../src/sync/pin.ts";
import { ledgers, ledgerText, plainLedger } from "./ledger-arbitrary.ts";

describe("merging ledgers", () => {
  it("is commutative, associative and idempotent", async () => {
    await fc.assert(
      fc.asyncProperty(ledgers, ledgers, ledgers, async (a, b, c) => {
        expect(await ledgerText(merge(a, b))).toBe(await ledgerText(merge(b, a)));
        expect(await ledgerText(merge(merge(a, b), c))).toBe(await ledgerText(merge(a, merge(b, c))));
        expect(await ledgerText(merge(a, a))).toBe(await ledgerText(a));
        expect(await ledgerText(merge(a, EMPTY_LEDGER))).toBe(await ledgerText(a));
      }),
    );
  });

  it("loses no file and no key of a release", () => {
    fc.assert(
      fc.property(ledgers, ledgers, (a, b) => {
        const both = merge(a, b);
        for (const one of [a, b]) {
          for (const key of one.files.keys()) expect(both.files.has(key)).toBe(true);
          for (const [id, { keys }] of one.releases) {
            expect(both.releases.get(id)?.keys).toEqual(expect.arrayContaining([...keys]));
          }
        }
      }),
    );
  });

  it("of any number with nothing to keep them in order is the same, but doubts what they do not agree on", () => {
    fc.assert(
      fc.property(fc.array(ledgers, { maxLength: 4 }), (all) => {
        const ordered = plainLedger(all.reduce(merge, EMPTY_LEDGER));
        const files = new Map(
          [...ordered.files].map(([key, row]) => {
            const said = all
              .map((one) => plainLedger(one).files.get(key))
              .filter((one) => one?.revision === row.revision);
            const agreed = said.every((one) => isDeepStrictEqual(one, row));
            return [key, agreed ? row : { ...row, sha256: UNKNOWN_DIGEST }];
          }),
        );
        expect(plainLedger(mergeUnordered(all))).toEqual({ ...ordered, files });
      }),
    );
  });

  it("keeps the later of two claims about a key", () => {
    const merged = merge(claim("a".repeat(64), 7), claim("f".repeat(64), 6));
    expect(merged.files.get("k")?.sha256).toBe("a".repeat(64));
    expect(merged.revision).toBe(7);
  });
});

describe("random histories of builds, corrections and pins, written by several machines", () => {
  /** What one machine does next, on what it has seen so far. */
  const steps = fc.array(
    fc.record({
      machine: fc.nat({ max: 3 }),
      does: fc.constantFrom("build", "pin", "unpin", "hear"),
      release: fc.constantFrom("v1", "v2", "v3"),
      from: fc.nat({ max: 3 }),
      digest: fc.constantFrom("a".repeat(64), "b".repeat(64)),
    }),
    { maxLength: 30 },
  );

  it("end in one ledger, in whatever order and however often they are told", async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.infiniteStream(fc.nat()), async (history, random) => {
        const seen: Ledger[] = Array.from({ length: 4 }, () => EMPTY_LEDGER);
        const told: Ledger[] = [];
        for (const { machine, does, release, from, digest: sha256 } of history) {
          const own = seen[machine] ?? EMPTY_LEDGER;
          const added = does === "hear" ? (seen[from] ?? EMPTY_LEDGER) : changed(own, does, release, sha256);
          told.push(added);
          seen[machine] = merge(own, added);
        }
        const all = seen.reduce(merge, EMPTY_LEDGER);
        const shuffled = [...told, ...told].toSorted(() => ((random.next().value ?? 0) % 2 === 0 ? 1 : -1));
        const whole = await ledgerText(all);
        expect(await ledgerText(shuffled.reduce(merge, EMPTY_LEDGER))).toBe(whole);
        for (const one of seen) expect(await ledgerText(merge(all, one))).toBe(whole);
      }),
      { numRuns: 300 },
    );
  });
});

/** What a build or a person adds to a ledger. */
function changed(ledger: Ledger, does: "build" | "pin" | "unpin", release: string, sha256: string): Ledger {
  if (does !== "build") {
    const known = ledger.releases.has(release);
    return (known ? pinning(ledger, { release, pinned: does === "pin" }, "here") : undefined) ?? EMPTY_LEDGER;
  }
  const key = `assets/${release}.txt`;
  const revision = ledger.revision + 1;
  return {
    revision,
    files: new Map([[key, file(sha256, revision)]]),
    releases: new Map([[release, { at: revision, keys: [key] }]]),
  };
}

function file(sha256: string, revision: number): LedgerFile {
  return { size: 1, sha256, revision, headers: { "content-type": "text/css", "cache-control": "no-cache" } };
}

function claim(sha256: string, revision: number): Ledger {
  return { revision, files: new Map([["k", file(sha256, revision)]]), releases: new Map() };
}
