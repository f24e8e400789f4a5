import { describe, expect, it } from "vitest";

import type { Instruction } from "../../src/dockerfile/instruction.ts";
import { normalise } from "../../src/dockerfile/normalise.ts";
import { arg, expand, modify, variable } from "../../src/dockerfile/text.ts";

const SAME: readonly (readonly [string, Instruction, Instruction])[] = [
  [
    "literal pieces beside each other",
    { instruction: "USER", value: { kind: "expandable", parts: ["a", "", "b"] } },
    { instruction: "USER", value: "ab" },
  ],
  [
    "an argument and the variable of its name",
    { instruction: "USER", value: expand`${arg("A", "1")}` },
    { instruction: "USER", value: variable("A") },
  ],
  [
    "a switch that is off and none",
    { instruction: "COPY", sources: ["a"], target: "b", link: false, exclude: [], files: [] },
    { instruction: "COPY", target: "b", sources: ["a"] },
  ],
  [
    "folded shell text and one line",
    { instruction: "RUN", command: { form: "shell", text: "a \\\n    'b  c' \\\n && d" } },
    { instruction: "RUN", command: { form: "shell", text: "a 'b  c' && d" } },
  ],
  [
    "a number and its text",
    { instruction: "RUN", command: { form: "exec", words: [] }, mounts: [{ type: "cache", target: "/c", uid: 0 }] },
    { instruction: "RUN", command: { form: "exec", words: [] }, mounts: [{ type: "cache", target: "/c", uid: "0" }] },
  ],
];

const DIFFERENT: readonly (readonly [string, Instruction, Instruction])[] = [
  [
    "a modifier and none",
    { instruction: "USER", value: modify(variable("A"), ":-", "x") },
    { instruction: "USER", value: variable("A") },
  ],
  [
    "not unpacking and not saying",
    { instruction: "ADD", sources: ["a"], target: "b", unpack: false },
    { instruction: "ADD", sources: ["a"], target: "b" },
  ],
  [
    "a literal dollar and a variable",
    { instruction: "USER", value: "$A" },
    { instruction: "USER", value: variable("A") },
  ],
  [
    "blanks in quotes",
    { instruction: "CMD", command: { form: "shell", text: "'a  b'" } },
    { instruction: "CMD", command: { form: "shell", text: "'a b'" } },
  ],
];

describe("normalise", () => {
  it.each(SAME)("gives one value for %s", (_, one, other) => {
    expect(normalise(one)).toEqual(normalise(other));
  });

  it.each(DIFFERENT)("tells apart %s", (_, one, other) => {
    expect(normalise(one)).not.toEqual(normalise(other));
  });
});
