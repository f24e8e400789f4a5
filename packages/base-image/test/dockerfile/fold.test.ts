import { execFileSync } from "node:child_process";

import { array, assert, constantFrom, property } from "fast-check";
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

  it("never breaks inside quotes, after an escaped blank, or before a comment", () => {
    const words = `echo 'a && b  c' "d && e" f\\ g ${"x".repeat(90)} # tail of it`;
    const lines = foldShell(words, 4);
    expect(lines.join("\n")).toContain("'a && b  c'");
    expect(lines.join("\n")).toContain(String.raw`f\ g`);
    expect(lines.some((line) => line.trimStart().startsWith("#"))).toBe(false);
    expect(foldShell(`echo ${"xxxxxxxxx ".repeat(9)}# tail of it`, 4)[0]).toContain("x #");
  });

  it("leaves nested quotes on one line", () => {
    const text = `echo "$(echo "a  b")" && ${"y".repeat(120)} && echo c`;
    expect(foldShell(text, 4)).toEqual([text]);
  });

  it("changes nothing a shell can see", () => {
    const piece = constantFrom("a", "'b  c'", '"d  e"', "f\\ g", "  ", "h", "'#'", "x".repeat(40), '"$HOME"', "é");
    const command = array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => `printf '<%s>' ${pieces.join(" ")}`);
    const chains = array(command, { minLength: 1, maxLength: 4 }).map((commands) => commands.join(" && "));
    assert(
      property(chains, (text) => {
        const folded = foldShell(text, 4).join(" \\\n").replaceAll(/\\\n/g, "");
        expect(shell(folded)).toBe(shell(text));
      }),
      { numRuns: 60 },
    );
  });
});

function shell(text: string): string {
  return execFileSync("sh", ["-c", text], { encoding: "utf8" });
}
