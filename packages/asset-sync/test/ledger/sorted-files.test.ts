import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { LedgerFile } from "../../src/ledger/ledger.ts";
import { SortedFiles } from "../../src/ledger/sorted-files.ts";

const row = (size: number): LedgerFile => ({ size, sha256: "a".repeat(64), headers: {}, revision: 1 });

const keys = fc.uniqueArray(fc.string({ maxLength: 3 })).map((all) => all.toSorted());

describe("files whose rows are made when they are asked for", () => {
  it("say what a map of them says, in whatever order they are asked", () => {
    fc.assert(
      fc.property(
        keys.chain((all) => fc.tuple(fc.constant(all), fc.array(fc.oneof(fc.string(), fc.constantFrom("", ...all))))),
        ([all, asked]) => {
          const files = new SortedFiles(all, { keyOf: (key) => key, rowOf: (_, at) => row(at) });
          const map = new Map(all.map((key, at) => [key, row(at)]));
          for (const key of [...all, ...asked]) {
            expect(files.get(key)).toEqual(map.get(key));
            expect(files.has(key)).toBe(map.has(key));
          }
          expect([...files]).toEqual([...map]);
          expect([...files.keys()]).toEqual(all);
          expect([...files.values()]).toEqual([...map.values()]);
          expect(files.size).toBe(map.size);
        },
      ),
    );
  });
});
