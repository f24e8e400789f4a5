import * as fc from "fast-check";

import { encodeLedger } from "../../src/ledger/format.ts";
import type { Ledger, LedgerFile } from "../../src/ledger/ledger.ts";
import type { ObjectHeaders } from "../../src/scan/headers.ts";

const KEYS = Array.from({ length: 12 }, (_, index) => `assets/file-${index}.js`);
const RELEASES = ["v1", "v2", "v3"];

const known: fc.Arbitrary<ObjectHeaders> = fc.record(
  {
    "content-type": fc.constantFrom("text/css; charset=utf-8", "image/png"),
    "cache-control": fc.constantFrom("no-cache", "public, max-age=31536000, immutable"),
    "content-encoding": fc.constantFrom("gzip", "br"),
  },
  { requiredKeys: ["content-type", "cache-control"] },
);

const headers: fc.Arbitrary<Partial<ObjectHeaders>> = fc.oneof(known, fc.constant({}));

const file: fc.Arbitrary<LedgerFile> = fc.record(
  {
    size: fc.nat(),
    sha256: fc.constantFrom("a".repeat(64), "b".repeat(64), "c".repeat(64)),
    headers,
    revision: fc.integer({ min: 1, max: 4 }),
    options: fc.constantFrom("0".repeat(16), "f".repeat(16)),
  },
  { requiredKeys: ["size", "sha256", "headers", "revision"] },
);

const claim = fc.record(
  {
    revision: fc.integer({ min: 1, max: 4 }),
    id: fc.constantFrom("0".repeat(16), "f".repeat(16)),
    keys: fc.subarray(KEYS.toSorted()),
    until: fc.nat(),
  },
  { requiredKeys: ["revision", "keys", "until"] },
);

const collection = fc.option(
  fc.record({ revision: fc.integer({ min: 1, max: 4 }), claims: fc.array(claim, { maxLength: 2 }) }),
  { nil: undefined },
);

/** Ledgers over few keys and releases, so that two of them overlap and disagree. */
export const ledgers: fc.Arbitrary<Ledger> = fc.dictionary(fc.constantFrom(...KEYS), file).chain((files) => {
  const keys = Object.keys(files).toSorted();
  const release = fc.record(
    { at: fc.nat(), pins: fc.integer({ min: 1, max: 3 }), keys: fc.subarray(keys) },
    { requiredKeys: ["at", "keys"] },
  );
  const conditions = fc.constantFrom({}, { conditions: "kept" } as const, { conditions: "ignored" } as const);
  const parts = fc.tuple(fc.dictionary(fc.constantFrom(...RELEASES), release), conditions, collection);
  return parts.map(([releases, found, collected]) => ({
    ...found,
    ...(collected === undefined ? {} : { collection: collected }),
    revision: Math.max(collected?.revision ?? 0, ...Object.values(files).map(({ revision }) => revision)),
    files: new Map(Object.entries(files)),
    releases: new Map(Object.entries(releases)),
  }));
});

/** A ledger whose rows are plain values, for a comparison: those that were read make their digests when asked for them. */
export function plainLedger(ledger: Ledger): Ledger {
  const rows = [...ledger.files].map(([key, row]): [string, LedgerFile] => [key, { ...row, sha256: row.sha256 }]);
  return { ...ledger, files: new Map(rows) };
}

/** The stored form, which is the same for the same ledger, so that it serves to compare. */
export async function ledgerText(ledger: Ledger): Promise<string> {
  return (await encodeLedger(ledger)).toString("base64");
}
