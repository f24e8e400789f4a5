import { runSync } from "@slipway/testkit";
import { array, constantFrom, letrec, oneof, option, sample, stringMatching, tuple } from "fast-check";
import { describe, expect, it } from "vitest";

import { expandCommand } from "../../src/entrykit/become.ts";
import { splitWords } from "../../src/entrykit/words.ts";

/** How many cases one shell is asked for. */
const CASES = 400;

const ENV = { FULL: "a b", EMPTY: "", STAR: "*" };

/** What a POSIX shell makes of a script, with values separated by NUL. */
function shell(script: string): readonly string[] {
  const { stdout, stderr, status } = runSync("sh", ["-c", `${script}\n`], {
    env: { PATH: process.env["PATH"], ...ENV },
  });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout.split("\0").slice(0, -1);
}

const PLAIN = stringMatching(/^[A-Za-z0-9 ,.:;=+@%/_|&<>()*?[\]~!^-]{1,6}$/);
const NAME = constantFrom("FULL", "EMPTY", "STAR", "UNSET", "ALSO_UNSET");

/** Pieces of an argument on whose meaning entrykit and a shell's double quotes agree. */
const { piece } = letrec<{ piece: string; word: string }>((tie) => ({
  piece: oneof(
    PLAIN,
    NAME.map((name) => `\${${name}}`),
    tuple(NAME, constantFrom("", ".", "/")).map(([name, after]) => `$${name}${after === "" ? " " : after}`),
    NAME.map((name) => `\${#${name}}`),
    tuple(NAME, constantFrom("-", ":-", "+", ":+", "=", ":="), tie("word")).map(
      ([name, operator, word]) => `\${${name}${operator}${word}}`,
    ),
  ),
  word: oneof(stringMatching(/^[A-Za-z0-9 ,.]{0,5}$/), tie("piece")),
}));

describe("as a shell does", () => {
  it("expands variables in an argument after --, one that an assignment before it has set included", () => {
    const cases = sample(
      array(
        array(piece, { maxLength: 5 }).map((pieces) => pieces.join("")),
        { minLength: 1, maxLength: 3 },
      ),
      CASES,
    );
    const script = cases.map((words) => `(printf '%s\\0' ${words.map((word) => `"${word}"`).join(" ")})`).join("\n");
    const expected = shell(script);
    const ours = cases.flatMap((words) => expandCommand(["app", ...words], ENV).command.slice(1));
    expect(ours).toEqual(expected);
  });

  it("splits a task whose quotes stand around whole words", () => {
    const bare = stringMatching(/^[A-Za-z0-9,.:=+@%/_-]{1,6}$/);
    const quoted = stringMatching(/^[A-Za-z0-9 ,.;|&<>()*?-]{0,6}$/);
    const word = oneof(
      bare,
      quoted.map((text) => `"${text}"`),
      quoted.map((text) => `'${text}'`),
    );
    const tasks = sample(tuple(array(word, { minLength: 1, maxLength: 6 }), option(constantFrom(" ", "\t"))), CASES);
    const texts = tasks.map(([words, blank]) => words.join(blank ?? "  "));
    const expected = shell(texts.map((text) => `printf '%s\\0' ${text} end`).join("\n"));
    expect(texts.flatMap((text) => [...splitWords(text), "end"])).toEqual(expected);
  });
});
