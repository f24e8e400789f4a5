import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { jsonPieces } from "../../src/ledger/json-text.ts";

const textOf = (value: Readonly<Record<string, unknown>>): string => Buffer.concat([...jsonPieces(value)]).toString();

/** Text of any kind, halves of surrogate pairs included. */
const text = fc.string({ unit: "binary" });

describe("the JSON of a ledger", () => {
  it("is that of JSON.stringify, members that are undefined left out", () => {
    const members = fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.dictionary(text, fc.constant(undefined)));
    fc.assert(
      fc.property(fc.dictionary(text, members), (value) => {
        expect(textOf(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it.each([4095, 4096, 4097, 3 * 4096, 100_000])("is that of JSON.stringify with %i members of a list", (length) => {
    const list = Array.from({ length }, (_, n) => `assets/é${n}-\u{1f6a2}\ud800.js`);
    expect(textOf({ list, after: 1 })).toBe(JSON.stringify({ list, after: 1 }));
  });

  it.each([0, 1, 12_287, 12_288, 12_289, 500_000])("has %i bytes as base64", (length) => {
    const bytes = Buffer.alloc(length, "slipway");
    expect(textOf({ bytes })).toBe(JSON.stringify({ bytes: bytes.toString("base64") }));
  });

  it("comes in pieces of about the same length, none of which is long", () => {
    const list = Array.from({ length: 100_000 }, (_, n) => `assets/${n}.js`);
    const lengths = [...jsonPieces({ list })].map((piece) => piece.length);
    expect(lengths.length).toBeGreaterThan(8);
    expect(Math.max(...lengths)).toBeLessThan(300_000);
  });
});
