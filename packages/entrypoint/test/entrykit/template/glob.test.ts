import { expect, it } from "vitest";

import { matchesGlob } from "../../../src/entrykit/template/glob.ts";

// As Go's path.Match decides.
it.each([
  ["abc", "abc", true],
  ["*", "abc", true],
  ["*c", "abc", true],
  ["a*", "a", true],
  ["a*", "abc", true],
  ["a*", "ab/c", false],
  ["a*/b", "abc/b", true],
  ["a*/b", "a/c/b", false],
  ["a*b*c*d*e*/f", "axbxcxdxe/f", true],
  ["a*b*c*d*e*/f", "axbxcxdxexxx/f", true],
  ["a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false],
  ["a*b?c*x", "abxbbxdbxebxczzx", true],
  ["a*b?c*x", "abxbbxdbxebxczzy", false],
  ["ab[c]", "abc", true],
  ["ab[b-d]", "abc", true],
  ["ab[e-g]", "abc", false],
  ["ab[^c]", "abc", false],
  ["ab[^b-d]", "abc", false],
  ["a\\*b", "a*b", true],
  ["a\\*b", "ab", false],
  ["a?b", "a☺b", true],
  ["a[^a]b", "a☺b", true],
  ["a???b", "a☺b", false],
  ["a?b", "a/b", false],
  ["a*b", "a/b", false],
  ["[\\]a]", "]", true],
  ["[\\-]", "-", true],
  ["[x\\-]", "z", false],
  ["*x", "xxx", true],
])("%s and %s: %s", (pattern, text, result) => {
  expect(matchesGlob(pattern, text)).toBe(result);
});

it.each(["[]a]", "[-]", "[x-]", "[-x]", "[", "a[", "[a-b-c]", "\\"])("refuses %s", (pattern) => {
  expect(() => matchesGlob(pattern, "a")).toThrow(`bad pattern: ${pattern}`);
});

it("takes no longer for many stars", () => {
  expect(matchesGlob("*a".repeat(40) + "b", "a".repeat(5000))).toBe(false);
});
