import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { splitShell } from "../../src/lint/shell-command.ts";

/** The commands as lists of words, each behind what joins it to the one before. */
function commandsOf(text: string): readonly string[] {
  return splitShell(text).commands.map(({ before, assignments, words }) =>
    [before, ...assignments.map(({ raw }) => raw), ...words.map(({ value }) => value)].join(" "),
  );
}

describe("splitting shell text", () => {
  it.each([
    ["a && b || c; d & e | f", ["start a", "&& b", "|| c", "; d", "& e", "| f"]],
    ["A=1 B='x y' make -j 2", ["start A=1 B='x y' make -j 2"]],
    [String.raw`echo 'a && b' "c; \"d\"" e\ f`, ['start echo a && b c; "d" e f']],
    ["x > /dev/null 2>&1 < in; y", ["start x", "; y"]],
    ["if [ -f a ]; then b; elif c; then d; else e; fi && f", ["start [ -f a ]", "; b", "; c", "; d", "; e", "&& f"]],
    ["for i in 1 2; do a $i; done; b", ["; a $i", "; b"]],
    ['case "$x" in a|b) c ;; *) d; e ;; esac; f', ["; c", "; d", "; e", "; f"]],
    ["( a; b ) | { c; }", ["start a", "; b", "| c"]],
    ["! a | b", ["start a", "| b"]],
    ["a $(b | c) `d; e` ${f:-g h} | i", ["start a $(b | c) `d; e` ${f:-g h}", "| i"]],
    ["a # b && c", ["start a"]],
    ["a#b && c", ["start a#b", "&& c"]],
    ["a \\\n  b && \\\n c", ["start a b", "&& c"]],
    ["cat <<EOF > f\na && b\nEOF\nc", ["start cat", "; c"]],
    ["cat <<-'END' | b\n\tx\n\tEND\nc", ["start cat", "| b", "; c"]],
    ["echo $((1 << 2)) && a", ["start echo $((1 << 2))", "&& a"]],
    ["", []],
  ])("%s", (text, expected) => {
    expect(commandsOf(text)).toEqual(expected);
  });

  it("says where each word and comment stands", () => {
    const text = "a 'b c' && d # e";
    const { commands, comments } = splitShell(text);
    for (const { raw, start } of commands.flatMap(({ words }) => words)) {
      expect(text.slice(start, start + raw.length)).toBe(raw);
    }
    expect(comments).toEqual([text.indexOf("#")]);
  });

  it("gives back every word it was given, quoted as a shell reads it", () => {
    const words = fc.array(
      fc.string({ minLength: 1 }).map((word) => word.replaceAll("\0", "")),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(words, (given) => {
        const text = ["run", ...given.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`)].join(" ");
        const [command, ...more] = splitShell(text).commands;
        expect(more).toEqual([]);
        expect(command?.words.slice(1).map(({ value }) => value)).toEqual(given);
      }),
    );
  });

  it("ends for any text, and points into it", () => {
    const shellish = fc.array(fc.constantFrom(..."ab '\"`$(){}\\\n|&;<>#-E!".split(""), "<<E", "case ", " in ", "$("));
    fc.assert(
      fc.property(shellish, (pieces) => {
        const text = pieces.join("");
        for (const { start, raw } of splitShell(text).commands.flatMap(({ words }) => words)) {
          expect(text.startsWith(raw, start)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
