import { assert, constantFrom, array, oneof, property, uint8Array } from "fast-check";
import { expect, it } from "vitest";

import { decodeBytes, encodeText } from "../../src/entrykit/bytes.ts";

const PIECES = oneof(
  uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  constantFrom("é", "€", "😀", "a").map((text) => Buffer.from(text)),
  constantFrom([0xed, 0xb2, 0x80], [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]).map((bytes) =>
    Buffer.from(bytes),
  ),
);

it("gives all bytes back", () => {
  assert(
    property(array(PIECES), (pieces) => {
      const bytes = Buffer.concat(pieces);
      return encodeText(decodeBytes(bytes)).equals(bytes);
    }),
    { numRuns: 2_000 },
  );
});

it("leaves what is UTF-8 a text like any other", () => {
  expect(decodeBytes(Buffer.from("caf\u00e9 \u{1f600}"))).toBe("caf\u00e9 \u{1f600}");
  expect(decodeBytes(Buffer.from([0x63, 0xe9, 0x78]))).toBe("c\udce9x");
});
