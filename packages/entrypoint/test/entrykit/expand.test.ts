import { array, assert, constantFrom, property, string } from "fast-check";
import { expect, it } from "vitest";

import { expandArgument } from "../../src/entrykit/expand.ts";

const ENV = { FOO: "a b", EMPTY: "", HOME: "/root", NEST: "n" };

it.each([
  ["$FOO", "a b"],
  ["${BAR:-d}", "d"],
  ["x${#FOO}", "x3"],
  ["a $(date) b", "a $(date) b"],
  ["$1", "$1"],
  ["$$", "$$"],
  ["x$", "x$"],
  ["${", "${"],
  ["\\$FOO", "$FOO"],
  ["\\n", "\\n"],
  ['"$HOME"', '"/root"'],
  ["'\\$HOME'", "'$HOME'"],
  ["${UNSET?err}", "${UNSET?err}"],
  ["${EMPTY?err}", ""],
  ["${EMPTY:?err}", "${EMPTY:?err}"],
  ["${EMPTY-d}", ""],
  ["${EMPTY:-d}", "d"],
  ["${FOO+set}", "set"],
  ["${EMPTY+set}", "set"],
  ["${EMPTY:+set}", ""],
  ["${UNSET+set}", ""],
  ["${UNSET:-$FOO}", "a b"],
  ["${A:-${B:-c}}", "c"],
  ["${UNSET:-'$FOO'}", "$FOO"],
  ['${UNSET:-"$NEST\\$"}', "n$"],
  ["${UNSET:-\\}}", "}"],
  ["${X%s}", "${X%s}"],
  ["${X:0:1}", "${X:0:1}"],
  ["$FOO-$UNSET-$NEST", "a b--n"],
])("expands %s to %s", (argument, text) => {
  expect(expandArgument(argument, ENV).text).toBe(text);
});

it("assigns with := only when the word is used", () => {
  expect(expandArgument("${NEWV:=abc}", ENV)).toEqual({ text: "abc", assigned: { NEWV: "abc" } });
  expect(expandArgument("${FOO:=abc}", ENV)).toEqual({ text: "a b", assigned: {} });
  expect(expandArgument("${FOO:-${NEWV:=x}}", ENV)).toEqual({ text: "a b", assigned: {} });
});

const PLAIN = string().filter((text) => !text.includes("$"));
const NASTY = array(constantFrom("$", "{", "}", "\\", "'", '"', ":", "-", "=", "?", "+", "#", "FOO", "x", " "));

it("leaves text without a dollar as it is", () => {
  expect(() => assert(property(PLAIN, (text) => expandArgument(text, ENV).text === text))).not.toThrow();
});

it("never fails", () => {
  const expands = property(NASTY, (parts) => typeof expandArgument(parts.join(""), ENV).text === "string");
  expect(() => assert(expands, { numRuns: 2000 })).not.toThrow();
});
