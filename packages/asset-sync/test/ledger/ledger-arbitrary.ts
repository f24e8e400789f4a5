import * as fc from "fast-check";

import type { Ledger, LedgerFile } from "../../src/ledger/ledger.ts";
import type { ObjectHeaders } from "../../src/scan/headers.ts";

const KEYS = Array.from({ length: 12 }, (_, index) => `assets/file-${index}.js`);
const RELEASES = ["v1", "v2", "v3"];

const headers: fc.Arbitrary<ObjectHeaders> = fc.record(
  {
    "content-type": fc.constantFrom("text/css; charset=utf-8", "image/png"),
    "cache-control": fc.constantFrom("no-cache", "public, max-age=31536000, immutable"),
    "content-encoding": fc.constantFrom("gzip", "br"),
  },
  { requiredKeys: ["content-type", "cache-control"] },
);

const file: fc.Arbitrary<LedgerFile> = fc.record({
  size: fc.nat(),
  sha256: fc.constantFrom("a".repeat(64), "b".repeat(64), "c".repeat(64)),
  headers,
  revision: fc.integer({ min: 1, max: 4 }),
});

/** Ledgers over few keys and releases, so that two of them overlap and disagree. */
export const ledgers: fc.Arbitrary<Ledger> = fc.dictionary(fc.constantFrom(...KEYS), file).chain((files) => {
  const keys = Object.keys(files).toSorted();
  const release = fc.record({ at: fc.nat(), keys: fc.subarray(keys) });
  return fc.dictionary(fc.constantFrom(...RELEASES), release).map((releases) => ({
    revision: Math.max(0, ...Object.values(files).map(({ revision }) => revision)),
    files: new Map(Object.entries(files)),
    releases: new Map(Object.entries(releases)),
  }));
});
