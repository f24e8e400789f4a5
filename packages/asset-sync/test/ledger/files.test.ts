import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { LaidOverFiles } from "../../src/ledger/laid-over-files.ts";
import type { LedgerFile, LedgerFiles } from "../../src/ledger/ledger.ts";
import { SortedFiles } from "../../src/ledger/sorted-files.ts";

const row = (size: number): LedgerFile => ({ size, sha256: "a".repeat(64), headers: {}, revision: 1 });

const keys = fc.uniqueArray(fc.string({ maxLength: 3 })).map((all) => all.toSorted());
const layers = fc.array(fc.dictionary(fc.string({ maxLength: 3 }), fc.nat().map(row)), { maxLength: 3 });

const sorted = (all: readonly string[]): LedgerFiles =>
  new SortedFiles(all, { keyOf: (key) => key, rowOf: (_, at) => row(at) });

/** Keys to ask for, in any order and again: those that there are, and others. */
const askedOf = (all: readonly string[]): fc.Arbitrary<string[]> =>
  fc.array(fc.oneof(fc.string(), fc.constantFrom("", ...all)));

/** All that files say, of their keys and of others. */
function told(files: LedgerFiles, asked: readonly string[]): unknown {
  const of = [...files.keys(), ...asked].map((key) => [key, files.get(key), files.has(key)]);
  return { of, entries: [...files], keys: [...files.keys()], values: [...files.values()], size: files.size };
}

describe("files say what a map of them says, in whatever order they are asked", () => {
  it("when their rows are made as they are asked for", () => {
    fc.assert(
      fc.property(
        keys.chain((all) => fc.tuple(fc.constant(all), askedOf(all))),
        ([all, asked]) => {
          const map = new Map(all.map((key, at) => [key, row(at)]));
          expect(told(sorted(all), asked)).toEqual(told(map, asked));
        },
      ),
    );
  });

  it("when rows are laid over them, and over these again", () => {
    fc.assert(
      fc.property(
        fc
          .tuple(keys, layers)
          .chain(([all, over]) =>
            fc.tuple(fc.constant(all), fc.constant(over), askedOf([...all, ...over.flatMap(Object.keys)])),
          ),
        ([all, over, asked]) => {
          const map = new Map(all.map((key, at) => [key, row(at)]));
          let files = sorted(all);
          for (const layer of over) {
            files = new LaidOverFiles(files, new Map(Object.entries(layer)));
            for (const [key, file] of Object.entries(layer)) map.set(key, file);
          }
          expect(told(files, asked)).toEqual(told(map, asked));
        },
      ),
    );
  });
});
