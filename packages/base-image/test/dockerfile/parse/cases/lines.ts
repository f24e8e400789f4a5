import { arg, copy, env, run, type Rule } from "./case.ts";

const LONG = "x".repeat(65_540);

/** Directives, comments, continued lines, line ends. */
export const LINES: readonly Rule[] = [
  {
    rule: 1,
    says: "directives stand before anything else",
    cases: [
      {
        file: "# escape=`\nFROM scratch\nENV A=a`b B=c\\d",
        reads: [env({ A: "ab", B: "c\\d" })],
        directives: { escape: "`" },
      },
      { file: "# banner\n# escape=`\nFROM scratch\nENV A=c\\d", reads: [env({ A: "cd" })], directives: {} },
      { file: "\n# escape=`\nFROM scratch\nENV A=c\\d", reads: [env({ A: "cd" })], directives: {} },
      { file: "# unknown=1\n# escape=`\nFROM scratch\nENV A=c\\d", reads: [env({ A: "cd" })], directives: {} },
      {
        file: "# check=skip=all\n# escape = `  \nFROM scratch\nENV A=c\\d",
        reads: [env({ A: "c\\d" })],
        directives: { check: "skip=all", escape: "`" },
      },
      { file: "  #escape=`\nFROM scratch\nENV A=c\\d", reads: [env({ A: "c\\d" })], directives: { escape: "`" } },
    ],
  },
  {
    rule: 2,
    says: "directive keys ignore case, stand once, and escape is a backslash or a backtick",
    cases: [
      { file: "# ESCAPE=`\nFROM scratch\nENV A=c\\d", reads: [env({ A: "c\\d" })], directives: { escape: "`" } },
      {
        file: "# escape=`\n# Escape=\\\nFROM scratch",
        refused: "directive",
        at: "2:1",
        says: "only one escape parser directive can be used",
      },
      {
        file: "# escape=x\nFROM scratch",
        refused: "directive",
        at: "1:1",
        says: "invalid escape token 'x' does not match ` or \\",
      },
      { file: "# escape=\\\nFROM scratch\nENV A=c\\d", reads: [env({ A: "cd" })], directives: { escape: "\\" } },
      {
        file: "# escape= \nFROM scratch",
        refused: "directive",
        at: "1:1",
        says: "invalid escape token ' ' does not match ` or \\",
      },
    ],
  },
  {
    rule: 3,
    says: "a first line that begins with #! ends the directives",
    cases: [
      {
        file: "#!/usr/bin/env docker\n# escape=`\nFROM scratch\nENV A=c\\d",
        reads: [env({ A: "cd" })],
        directives: {},
      },
    ],
  },
  {
    rule: 4,
    says: "a byte-order mark at the beginning is not there",
    cases: [
      { file: "\uFEFFFROM scratch\nUSER a", reads: [{ instruction: "USER", value: "a" }] },
      { file: "\uFEFF# escape=`\nFROM scratch\nENV A=c\\d", reads: [env({ A: "c\\d" })], directives: { escape: "`" } },
      { file: "\uFEFF\uFEFFFROM scratch", refused: "unknown-instruction", at: "1:1", says: "unknown instruction" },
      { file: "FROM scratch\nENV A=\uFEFFa B=b\uFEFF", reads: [env({ A: "a", B: "b\uFEFF" })] },
    ],
  },
  {
    rule: 5,
    says: "a lone carriage return is no line end",
    cases: [
      {
        file: "FROM scratch\rUSER a",
        refused: "arguments",
        at: "1:1",
        says: "FROM requires either one or three arguments",
      },
      { file: "FROM scratch\nRUN a\rb", reads: [run("a\rb")] },
    ],
  },
  {
    rule: 6,
    says: "carriage returns before a line feed go, but stay in the body of a heredoc",
    cases: [
      {
        file: "FROM scratch\r\nRUN a \\\r\n  b\r\nUSER x\r\n",
        reads: [run("a   b"), { instruction: "USER", value: "x" }],
      },
      {
        file: "FROM scratch\r\nCOPY <<E /x\r\na\r\nE\r\n",
        reads: [
          { instruction: "COPY", sources: [], files: [{ name: "E", body: "a\r\n", expand: true }], target: "/x" },
        ],
      },
    ],
  },
  { rule: 7, says: "a NUL passes the parser", cases: [{ file: "FROM scratch\nRUN a\0b", reads: [run("a\0b")] }] },
  {
    rule: 8,
    says: "an escape character and blanks at the end of a line continue it",
    cases: [
      { file: "FROM scratch\nRUN a \\ \t\nb", reads: [run("a b")] },
      { file: "FROM scratch\nRUN a\\\nb", reads: [run("ab")] },
      { file: "\\\nFROM scratch\nUSER a", reads: [{ instruction: "USER", value: "a" }] },
      { file: "FROM scratch\nUS\\\nER a", reads: [{ instruction: "USER", value: "a" }] },
      {
        file: "# escape=`\nFROM scratch\nRUN a `\nb \\\nUSER x",
        reads: [run("a b \\"), { instruction: "USER", value: "x" }],
      },
    ],
  },
  {
    rule: 9,
    says: "two or three of them do not",
    cases: [
      { file: "FROM scratch\nRUN a \\\\\nUSER b", reads: [run("a \\\\"), { instruction: "USER", value: "b" }] },
      { file: "FROM scratch\nRUN a \\\\\\\nUSER b", reads: [run("a \\\\\\"), { instruction: "USER", value: "b" }] },
    ],
  },
  {
    rule: 10,
    says: "comments inside a continued instruction vanish, wherever it is",
    cases: [
      { file: "FROM scratch\nRUN a \\\n# x\n  # y\n b", reads: [run("a  b")] },
      { file: "FROM scratch\nRUN echo 'a \\\n# gone\nb'", reads: [run("echo 'a b'")] },
      { file: "FROM scratch\nENV A=1 \\\n# B=2 \\\n C=3", reads: [env({ A: "1", C: "3" })] },
    ],
  },
  {
    rule: 11,
    says: "empty lines inside a continued instruction vanish, with a warning",
    cases: [
      { file: "FROM scratch\nRUN a \\\n\n  \n b", reads: [run("a  b")], warning: "empty-continuation" },
      {
        file: "FROM scratch\n\\\n\nUSER a",
        reads: [{ instruction: "USER", value: "a" }],
        warning: "empty-continuation",
      },
    ],
  },
  {
    rule: 12,
    says: "leading blanks of continued lines stay, those of first lines do not",
    cases: [
      { file: "FROM scratch\n \t RUN a\\\n\t  b  ", reads: [run("a\t  b")] },
      { file: "FROM scratch\n\u00A0USER a\u00A0", reads: [{ instruction: "USER", value: "a" }] },
    ],
  },
  {
    rule: 13,
    says: "a continuation at the end of the file is accepted",
    cases: [
      { file: "FROM scratch\nRUN a \\", reads: [run("a")] },
      { file: "FROM scratch\nRUN a \\\n# b", reads: [run("a")] },
    ],
  },
  {
    rule: 14,
    says: "no line is longer than 65,535 bytes, but joined lines may be",
    cases: [
      {
        file: `FROM scratch\nRUN ${LONG}`,
        refused: "line-too-long",
        at: "2:1",
        says: "dockerfile line greater than max allowed size of 65535",
      },
      { file: `FROM scratch\nRUN ${LONG.slice(0, 65_531)}`, reads: [run(LONG.slice(0, 65_531))] },
      {
        file: `FROM scratch\nRUN ${LONG.slice(0, 65_532)}`,
        refused: "line-too-long",
        at: "2:1",
        says: "max allowed size of 65535",
      },
      {
        file: `FROM scratch\nRUN ${"é".repeat(32_766)}`,
        refused: "line-too-long",
        at: "2:1",
        says: "max allowed size of 65535",
      },
      {
        file: `FROM scratch\nRUN ${LONG.slice(0, 40_000)}\\\n${LONG.slice(0, 40_000)}`,
        reads: [run(LONG.slice(0, 40_000) + LONG.slice(0, 40_000))],
      },
      { file: `FROM scratch\nRUN <<E\n${LONG}\nE`, refused: "line-too-long", at: "3:1", says: "unterminated heredoc" },
    ],
  },
  {
    rule: 15,
    says: "# behind an instruction is no comment",
    cases: [
      {
        file: "FROM scratch # base",
        refused: "arguments",
        at: "1:1",
        says: "FROM requires either one or three arguments",
      },
      { file: "FROM scratch\nENV A=1 # x", refused: "pairs", at: "2:9", says: 'can\'t find = in "#"' },
      { file: "FROM scratch\nUSER a # b", reads: [{ instruction: "USER", value: "a # b" }] },
      { file: "FROM scratch\nCOPY a # b /c/", reads: [copy(["a", "#", "b"], "/c/")] },
      {
        file: "FROM scratch\nARG a # b",
        reads: [{ instruction: "ARG", args: [{ name: "a" }, { name: "#" }, { name: "b" }] }],
      },
      { file: "ARG a\nFROM scratch", reads: [], globals: [arg("a")] },
    ],
  },
];
