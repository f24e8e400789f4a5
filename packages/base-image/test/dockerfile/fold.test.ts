import { describe, expect, it } from "vitest";

import { foldShell } from "../../src/dockerfile/fold.ts";

describe("foldShell", () => {
  it("leaves a short command alone", () => {
    expect(foldShell("make && make install", 4)).toEqual(["make && make install"]);
  });

  it("puts each command of a chain on its line", () => {
    expect(foldShell("apt-get update && apt-get install git && rm -rf /x", 4)).toEqual([
      "apt-get update",
      " && apt-get install git",
      " && rm -rf /x",
    ]);
  });

  it("breaks a long command at blanks", () => {
    const lines = foldShell(`echo ${Array.from({ length: 30 }, (_, n) => `package-${n}`).join(" ")}`, 4);
    expect(lines.length).toBeGreaterThan(2);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it("never breaks inside quotes or after an escaped blank", () => {
    const words = `echo 'a && b  c' "d && e" f\\ g ${"x".repeat(90)} tail of it`;
    const lines = foldShell(words, 4);
    expect(lines.join("\n")).toContain("'a && b  c'");
    expect(lines.join("\n")).toContain(String.raw`f\ g`);
    expect(lines.length).toBeGreaterThan(1);
  });

  it.each([
    ["nested quotes", `echo "$(echo "a  b")"`],
    ["quotes after the parenthesis of a pattern", `echo "$(case x in x) echo "a  b";; esac)"`],
    ["a pattern in a command without quotes", `echo "$(case x in x) echo a  b;; esac)"`],
    ["backquotes", "echo `echo 'a  b'`"],
    ["a default with quotes", `echo "\${X:-"a  b"}"`],
    ["bash's quotes", String.raw`echo $'it\'s  a  quote'`],
    ["a no-break blank", "echo a\u00A0b"],
    ["an ideographic blank", "echo a\u3000 b"],
    ["a comment", "echo a # it's  b"],
    ["a quote without end", "echo 'a  b"],
  ])("leaves %s on one line", (_, text) => {
    const long = `${text} && ${"y".repeat(60)} && ${"z".repeat(60)} && echo c`;
    expect(foldShell(long, 4)).toEqual([long]);
  });

  it("folds commands with variables and plain substitutions", () => {
    const text = `test "$(npm --version)" = "\${WANTED}" && echo $HOME a#b "\u00A0" && true`;
    expect(foldShell(text, 4)).toEqual([
      `test "$(npm --version)" = "\${WANTED}"`,
      ` && echo $HOME a#b "\u00A0"`,
      " && true",
    ]);
  });
});
