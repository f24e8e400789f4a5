import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";

import { arg, expand, variable } from "../../src/dockerfile/text.ts";
import { jsonWord, word } from "../../src/dockerfile/word.ts";
import { rejection } from "../rejection.ts";

describe("word", () => {
  it.each([
    ["plain", "3.3-slim_x/y:z@1", "3.3-slim_x/y:z@1"],
    ["empty", "", '""'],
    ["blank", "a b", '"a b"'],
    ["dollar", "$HOME", String.raw`"\$HOME"`],
    ["quotes", `it's "x"`, String.raw`"it's \"x\""`],
    ["backslash", "a\\nb", String.raw`"a\\nb"`],
    ["leading hash", "#x", '"#x"'],
    ["tab", "a\tb", '"a\tb"'],
  ])("quotes only what needs it: %s", (_, literal, rendered) => {
    expect(word(literal, "here")).toBe(rendered);
  });

  it("expands variables and nothing else", () => {
    expect(word(expand`${arg("V")}/a$b`, "here")).toBe(String.raw`"${"${V}"}/a\$b"`);
    expect(word(variable("GEM_HOME"), "here")).toBe("${GEM_HOME}");
  });

  it("is read back by the rules of BuildKit's lexer", () => {
    const text = string({ unit: "binary" }).filter((value) => !/[^\P{Cc}\t\u0080-\u009F]/u.test(value));
    assert(
      property(text, (value) => {
        expect(lex(word(value, "here"))).toBe(value);
        expect(lex(String(JSON.parse(jsonWord(value, "here"))))).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["a\nb", "a\rb", "a\0b", "\u001B[31m"])("refuses %j, which no line can hold", async (text) => {
    const error = await rejection(() => word(text, "ENV X"));
    expect(error.code).toBe("BASE_IMAGE_INVALID_VALUE");
    expect(error.message).toContain("ENV X");
  });
});

/** The lexer's rules for one word without variables: https://github.com/moby/buildkit, frontend/dockerfile/shell. */
function lex(text: string): string {
  let out = "";
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    const next = text.charAt(index + 1);
    if (char === '"') quoted = !quoted;
    else if (char === "'" && !quoted) throw new Error("a bare single quote opens a string");
    else if (char === "\\" && (!quoted || '"$\\'.includes(next))) {
      out += next;
      index += 1;
    } else if (char === "$") throw new Error("a bare dollar expands");
    else out += char;
  }
  if (quoted) throw new Error("unterminated quote");
  return out;
}
