import { runSync } from "@slipway/testkit";
import { array, assert, constantFrom, property, sample, tuple, type Arbitrary } from "fast-check";
import { describe, expect, it } from "vitest";

import { renderInstruction } from "../../src/dockerfile/render.ts";
import { isBaseImageError } from "../../src/errors.ts";
import { from } from "../../src/stage/base.ts";
import { stage } from "../../src/stage/stage.ts";

const FRAGMENTS = [
  "a",
  "'b  c'",
  '"d  e"',
  String.raw`f\ g`,
  String.raw`\\`,
  String.raw`"\"  \\"`,
  "'#'",
  "x".repeat(40),
  '"$HOME"',
  "${HOME}",
  '"${X:-"p  q"}"',
  "${X:-'r  s'}",
  "é",
  "\u00A0",
  "a\u3000b",
  "\u2028",
  '"\u00A0\u3000"',
  '"$(case x in x) echo "a  b";; esac)"',
  "$(case x in x) echo 'a  b';; esac)",
  '"$(echo "c  d")"',
  "$(echo e f)",
  "`echo 'g  h'`",
  '"`echo "i  j"`"',
  "$'k  l'",
  '$"m  n"',
  "$((1 << 2))",
  "$((1<<2))",
  "# it's",
  "u#v",
  "<<EOF",
  "<<< 'o  p'",
  "&& printf '<%s>'",
  "&& echo",
  "; printf '<%s>'",
  "'",
  '"',
  "--flag",
  "[",
  "{",
  "}",
  ")",
  "*nothing*",
  "\\\n",
  "'s \\\n  t'",
];

const BLANKS = [" ", "  ", "\t", " \t ", "", " \\\n  "];

const TEXTS: Arbitrary<string> = array(tuple(constantFrom(...BLANKS), constantFrom(...FRAGMENTS)), {
  minLength: 1,
  maxLength: 14,
}).map((pieces) => `printf '<%s>'${pieces.flat().join("")}`);

describe("shell text", () => {
  it("keeps its words and its quotes to the byte", () => {
    assert(
      property(TEXTS, (text) => {
        expect(words(handedToShell(text) ?? text)).toEqual(words(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it("prints the same in dash and bash", () => {
    const pairs = sample(TEXTS, 15_000).flatMap((text) => {
      const handed = handedToShell(text);
      return handed === undefined ? [] : [{ text, handed }];
    });
    const changed = pairs.filter(({ text, handed }) => text !== handed).slice(0, 300);
    expect(changed.length).toBe(300);
    for (const shell of ["dash", "bash"]) {
      const printed = run(
        shell,
        changed.map(({ text }) => text),
      );
      expect(printed.length).toBe(301);
      expect(
        run(
          shell,
          changed.map(({ handed }) => handed),
        ),
      ).toEqual(printed);
    }
  });
});

/** What BuildKit makes of the RUN and gives to the shell; nothing where the text is refused. */
function handedToShell(text: string): string | undefined {
  const rendered = render(text);
  const heredoc = /^RUN <<"(\w+)"\n([^]*\n)\1\n$/.exec(rendered ?? "");
  if (rendered === undefined || heredoc !== null) return heredoc?.[2]?.slice(0, -1);
  const lines = rendered.slice("RUN ".length, -1).split("\n");
  const joined = lines.map((line, index) => (index < lines.length - 1 ? line.replace(/\\[ \t]*$/, "") : line));
  expect(lines.slice(1).filter((line) => /^\p{White_Space}*(?:#|$)/u.test(line))).toEqual([]);
  return joined.join("").replaceAll(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
}

function render(text: string): string | undefined {
  try {
    const instruction = stage("s", from("debian")).run(text).steps[0]?.instruction;
    return instruction === undefined || instruction.instruction === "COMMENT"
      ? undefined
      : renderInstruction(instruction);
  } catch (error) {
    if (isBaseImageError(error)) return undefined;
    throw error;
  }
}

const LEXEME = /'[^']*(?:'|$)|"(?:\\[^]|[^"\\])*(?:"|$)|\\[^]|[^]/g;

/** Text cut at blanks outside quotes, as a reader that knows quotes and backslashes only. */
function words(text: string): readonly string[] {
  const found: string[] = [""];
  for (const lexeme of text.match(LEXEME) ?? []) {
    if (/^[ \t\n]$/.test(lexeme)) found.push("");
    else if (lexeme !== "\\\n") found.push((found.pop() ?? "") + lexeme);
  }
  return found.filter((word) => word !== "");
}

/** What each text prints and how it ends, each in a shell of its own. */
function run(shell: string, texts: readonly string[]): readonly string[] {
  const each = `for text; do (eval "$text") 2>/dev/null; printf '\\0%s\\0\\0' "$?"; done`;
  return runSync(shell, ["-c", each, shell, ...texts]).stdout.split("\0\0");
}
