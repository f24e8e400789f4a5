import { assert, constantFrom, property, string, uniqueArray } from "fast-check";
import { describe, expect, it } from "vitest";

import { nearNames } from "../../src/dockerfile/near-names.ts";

const LETTERS = ["a", "b", "c"];
const word = string({ unit: constantFrom(...LETTERS), minLength: 2, maxLength: 6 });

/** Every word one slip away, by making all slips. */
function slipsOf(name: string): ReadonlySet<string> {
  const letters = Array.from(name);
  return new Set(
    Array.from({ length: letters.length + 1 }, (_, at) => [
      letters.toSpliced(at, 1),
      ...LETTERS.flatMap((letter) => [letters.toSpliced(at, 0, letter), letters.toSpliced(at, 1, letter)]),
      [...letters.slice(0, at), ...letters.slice(at, at + 2).toReversed(), ...letters.slice(at + 2)],
    ])
      .flat()
      .map((each) => each.join("")),
  );
}

describe("near names", () => {
  it("are those one slip away, and no others", () => {
    assert(
      property(uniqueArray(word, { maxLength: 12 }), word, (names, typed) => {
        const expected = names.filter((name) => name !== typed && slipsOf(name).has(typed));
        const found = nearNames(names)(typed);
        expect(found === undefined ? expected.length === 0 : expected.includes(found)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("are only those that are accepted", () => {
    const near = nearNames(["gems", "gens"]);
    expect(near("gesm", (name) => name !== "gems")).toBeUndefined();
    expect(near("gem", (name) => name !== "gems")).toBeUndefined();
    expect(near("gess", (name) => name !== "gems")).toBe("gens");
  });
});
