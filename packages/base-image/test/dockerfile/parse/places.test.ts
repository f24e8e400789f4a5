import { expect, it } from "vitest";

import { parse, parseOrThrow } from "../../../src/dockerfile/parse/parse.ts";
import { placeOf, type ParsedInstruction } from "../../../src/dockerfile/parse/parsed.ts";

const FILE = `# one

FROM debian AS base
RUN a
  # two
# three
RUN --network=none \\
    # inside
    echo b \\
  && c
COPY <<X /d
e
X
# last
`;

function instruction(index: number): ParsedInstruction {
  const found = parse(FILE).stages[0]?.instructions[index];
  if (found === undefined) throw new Error(`no instruction ${index}`);
  return found;
}

it("gives each instruction the comments right before it", () => {
  expect(parse(FILE).stages[0]?.comments).toEqual([{ text: "one", line: 1 }]);
  expect([0, 1, 2].map((index) => instruction(index).comments)).toEqual([
    [],
    [
      { text: "two", line: 5 },
      { text: "three", line: 6 },
    ],
    [],
  ]);
});

it("places instructions, flags and words, over continued lines", () => {
  const run = instruction(1);
  expect(run.place).toEqual({ line: 7, column: 1, endLine: 10, endColumn: 7 });
  expect(run.raw.split("\n")).toHaveLength(4);
  expect(run.flags.map((flag) => placeOf(run, flag))).toEqual([{ line: 7, column: 5, endLine: 7, endColumn: 19 }]);
  expect(run.words.map((word) => placeOf(run, word))).toEqual([{ line: 9, column: 5, endLine: 10, endColumn: 7 }]);
});

it("places heredocs: the marker in the line, the body behind it", () => {
  const copy = instruction(2);
  expect(copy.place).toEqual({ line: 11, column: 1, endLine: 13, endColumn: 2 });
  expect(copy.heredocs).toMatchObject([{ name: "X", body: "e\n", line: 12, endLine: 13 }]);
  expect(copy.heredocs.map((heredoc) => placeOf(copy, heredoc))).toEqual([
    { line: 11, column: 6, endLine: 11, endColumn: 9 },
  ]);
});

it("goes on behind an error, and a FROM with an error begins a stage", () => {
  const { stages, findings } = parse("FROM a AS 1\nRUN b\nFOO\nENV A\nRUN c");
  expect(stages.map(({ from, instructions }) => [from, instructions.length])).toEqual([["a", 2]]);
  expect(findings.map(({ line, code }) => `${line} ${code}`)).toEqual([
    "1 stage-name",
    "3 unknown-instruction",
    "4 pairs",
  ]);
});

it("throws the first error for those who ask", () => {
  expect(parseOrThrow("FROM a").stages).toHaveLength(1);
  expect(() => parseOrThrow("FROM a\nFOO", "app.Dockerfile")).toThrow('app.Dockerfile:2:1: unknown instruction: "FOO"');
});
