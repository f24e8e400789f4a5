import { array, check, constantFrom, property, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";

import { parse } from "../../../src/dockerfile/parse/parse.ts";
import { mutated, PIECES } from "./mutated.ts";
import { realFiles } from "./real-files.ts";
import { unsound } from "./soundness.ts";

const FILES = realFiles().map(({ text }) => text);
const bytes = uint8Array({ maxLength: 96 }).map((content) => Buffer.from(content).toString());
const soup = array(constantFrom("\0", ...PIECES), { maxLength: 24 }).map((pieces) => pieces.join(""));

describe("any text is read or has a located error", () => {
  it.each([
    { what: "random bytes", texts: bytes, numRuns: 100_000 },
    { what: "random pieces of the language", texts: soup, numRuns: 20_000 },
    { what: "mutated real files", texts: mutated(FILES), numRuns: 20_000 },
  ])(
    "$numRuns of $what",
    ({ texts, numRuns }) => {
      const sound = property(texts, (text) => unsound(text, parse(text)) === undefined);
      const { failed, counterexample } = check(sound, { numRuns });
      const [text] = counterexample ?? [];
      const why = text === undefined ? undefined : unsound(text, parse(text));
      expect({ failed, text, why }).toEqual({ failed: false });
    },
    300_000,
  );

  it("reads the real files without an error", () => {
    expect(FILES.length).toBeGreaterThanOrEqual(25);
    expect(FILES.flatMap((text) => parse(text).findings).filter(({ severity }) => severity === "error")).toEqual([]);
    expect(FILES.map((text) => unsound(text, parse(text)))).toEqual(FILES.map(() => undefined));
  });
});
