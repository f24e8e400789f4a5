import { arg, copy, run, text, variable, type Rule } from "./case.ts";

/** Stages, and what stands before them. */
export const STAGES: readonly Rule[] = [
  {
    rule: 29,
    says: "arguments before the first FROM are global",
    cases: [
      {
        file: "ARG A=1\nARG B=$A\nFROM scratch\nARG A",
        globals: [arg("A", "1"), { instruction: "ARG", args: [{ name: "B", value: text(variable("A")) }] }],
        reads: [arg("A")],
      },
      {
        file: "ARG A=scratch\nFROM ${A}",
        globals: [arg("A", "scratch")],
        from: { instruction: "FROM", image: text(variable("A")) },
        reads: [],
      },
    ],
  },
  {
    rule: 30,
    says: "the platform arguments are declared like others",
    cases: [
      {
        file: "FROM --platform=$BUILDPLATFORM scratch\nARG TARGETARCH",
        from: { instruction: "FROM", image: "scratch", platform: text(variable("BUILDPLATFORM")) },
        reads: [arg("TARGETARCH")],
      },
    ],
  },
  {
    rule: 31,
    says: "only ARG may stand before FROM",
    cases: [
      { file: "RUN x\nFROM scratch", refused: "no-stage", at: "1:1", says: "no build stage in current context" },
      { file: "ARG A=1", refused: "no-stage", at: "1:1", says: "dockerfile contains no stages to build" },
      { file: "# nothing\n", refused: "no-instructions", at: "1:1", says: "file with no instructions" },
    ],
  },
  {
    rule: 33,
    says: "FROM takes one argument or three",
    cases: [
      { file: "FROM", refused: "arguments", at: "1:1", says: "FROM requires either one or three arguments" },
      { file: "FROM a b", refused: "arguments", at: "1:1", says: "FROM requires either one or three arguments" },
      { file: "FROM a is b", refused: "arguments", at: "1:1", says: "FROM requires either one or three arguments" },
      { file: "FROM scratch aS b", from: { instruction: "FROM", image: "scratch", name: "b" }, reads: [] },
      { file: 'FROM "scratch"', from: { instruction: "FROM", image: "scratch" }, reads: [] },
      { file: 'FROM ""', refused: "arguments", at: "1:6", says: "should not be blank" },
    ],
  },
  {
    rule: 34,
    says: "stage names are in small letters, begin with a letter and hold no variables",
    cases: [
      {
        file: "FROM scratch AS Base-1_x.y",
        from: { instruction: "FROM", image: "scratch", name: "base-1_x.y" },
        reads: [],
      },
      { file: "FROM scratch AS 1a", refused: "stage-name", at: "1:17", says: 'invalid name for build stage: "1a"' },
      { file: "FROM scratch AS $a", refused: "stage-name", at: "1:17", says: 'invalid name for build stage: "$a"' },
      { file: "FROM scratch AS 'a'", refused: "stage-name", at: "1:17", says: "invalid name for build stage" },
    ],
  },
  {
    rule: 35,
    says: "the same name twice, and reserved names, are no errors",
    cases: [
      {
        file: "FROM scratch AS a\nFROM scratch AS a",
        from: { instruction: "FROM", image: "scratch", name: "a" },
        reads: [],
      },
      { file: "FROM scratch AS context", from: { instruction: "FROM", image: "scratch", name: "context" }, reads: [] },
    ],
  },
  {
    rule: 36,
    says: "--from is a name as it stands: no variables, no quotes",
    cases: [
      {
        file: "FROM scratch AS a\nFROM scratch\nCOPY --from=A x /y",
        reads: [{ ...copy(["x"], "/y"), from: "A" } as never],
      },
      {
        file: "FROM scratch AS a\nFROM scratch\nCOPY --from=0 x /y",
        reads: [{ ...copy(["x"], "/y"), from: "0" } as never],
      },
      {
        file: "FROM scratch\nCOPY --from=$a x /y",
        refused: "copy-from",
        at: "2:6",
        says: "variable expansion is not supported for --from",
      },
      {
        file: "FROM scratch\nCOPY --from='\"a\"' x /y",
        refused: "copy-from",
        at: "2:6",
        says: "variable expansion is not supported for --from",
      },
      { file: "FROM scratch\nCOPY --from= x /y", reads: [copy(["x"], "/y")] },
      { file: "FROM scratch AS a\nRUN x", reads: [run("x")] },
    ],
  },
];
