import { expect, it } from "vitest";

import { expandText } from "../../src/dockerfile/expand-text.ts";
import { readWord } from "../../src/dockerfile/parse/word-reader.ts";
import { textOf } from "../../src/dockerfile/parse/word-part.ts";

/** A word, the value of `A` if it has one, and what BuildKit expands the word to. */
const VALUES: readonly (readonly [word: string, a: string | undefined, value: string])[] = [
  ["$A-${A}", "x", "x-x"],
  ["$A", undefined, ""],
  ["'$A'\"$A\"", "x", "$Ax"],
  ["${A:-d} ${A-d}", "", "d "],
  ["${A:+d} ${A+d}", "", " d"],
  ["${A:+d} ${A+d}", "x", "d d"],
  ["${A:-${B:-c}}", undefined, "c"],
  ["${A#*x*y}", "xxyy", "y"],
  ["${A#*}", "xxyy", "xxyy"],
  ["${A##*x}", "xxyy", "yy"],
  ["${A##}", "xxyy", "xxyy"],
  ["${A#?\\?}", "???y", "?y"],
  ["${A#()[]{\\}^$.\\*\\?|\\\\}", "()[]{}^$.*?|\\x", "x"],
  ["${A%x}", "xxyy", "xxyy"],
  ["${A%%\\**}", "xx**", "xx"],
  ["${A%%\\**\\*}", "a***yy*", "a"],
  ["${A%.*}", "a.b.c", "a.b"],
  ["${A/\\*\\//.}", "/foo*/*/*.txt", "/foo.*/*.txt"],
  ["${A//\\*\\//.}", "/foo*/*/*.txt", "/foo..*.txt"],
  ["${A//\\//\\/}", "/tmp/foo.txt", "\\/tmp\\/foo.txt"],
  ["${A/b?/}", "abcbd", "abd"],
  ["${A//b?/x}", "abcbd", "axx"],
  ["${A/ö/o}", "Göö", "Goö"],
  ["${A///}", "xxyy", "xxyy"],
  ["${A//*/x}", "ab", "x"],
  ["${A//b/[$0]}", "abc", "a[]c"],
];

it.each(VALUES)("%s with A=%s is %s", (word, a, value) => {
  expect(expanded(word, a)).toMatchObject({ value });
});

it.each([
  ["${A:?gone}", "", "A: gone"],
  ["${A:?}", "", "A: is not allowed to be empty"],
  ["${A?}", undefined, "A: is not allowed to be unset"],
])("%s with A=%s stops the build", (word, a, reason) => {
  expect(expanded(word, a)).toMatchObject({ reason });
});

it("names what is unset, inside of modifiers too", () => {
  expect(expanded("$A ${B:-$C} $PATH", undefined)).toMatchObject({ unset: ["A", "C", "B"] });
});

it("takes a pattern with many stars on a long text", () => {
  expect(expanded(`\${A//${"*a".repeat(30)}b/}`, "a".repeat(5000))).toMatchObject({ value: "a".repeat(5000) });
});

function expanded(word: string, a: string | undefined): ReturnType<typeof expandText> {
  const result = readWord(word, { escape: "\\" });
  const text = "parts" in result ? textOf(result.parts) : "";
  const environment = new Map([["PATH", "/bin"], ...(a === undefined ? [] : [["A", a] as const])]);
  return expandText(text, environment);
}
