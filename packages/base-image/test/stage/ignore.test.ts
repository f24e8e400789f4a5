import { describe, expect, it } from "vitest";

import { parseIgnore } from "../../src/stage/ignore.ts";

describe("parseIgnore", () => {
  it.each([
    ["a folder and what is below it", "node_modules", "node_modules/x/y", true],
    ["a leading slash", "/log", "log/a", true],
    ["only at the root", "log", "app/log", false],
    ["at any depth", "**/log", "app/x/log/y", true],
    ["at any depth, the root included", "**/log", "log", true],
    ["a star within a part", "*.md", "README.md", true],
    ["a star not across parts", "*.md", "docs/a.md", false],
    ["two stars at the end", "tmp/**", "tmp/a/b", true],
    ["two stars at the end not the folder", "tmp/**", "tmp", false],
    ["a question mark", "a?", "ab", true],
    ["a class", "[ab].txt", "b.txt", true],
    ["an escaped star", String.raw`\*`, "*", true],
    ["a dot is a dot", ".env", "xenv", false],
    ["a trailing slash", "log/", "log/a", true],
    ["blanks around", "  log  ", "log", true],
    ["dot segments", "./a/../log", "log", true],
    ["a comment", "#log", "#log", false],
    ["two stars before the end of a name", "**d", "x/read", true],
    ["two stars before a name, not within one", "**/d", "x/read", false],
    ["a way out of the context", "../d", "d", false],
    ["a way out from the root", "/../d", "d", true],
    ["no comment after a blank", " #log", "#log", true],
  ])("reads %s", (_, pattern, path, ignored) => {
    expect(parseIgnore(pattern).isIgnored(path)).toBe(ignored);
  });

  it.each(["[", "[a", "d/[", "[]", "!", String.raw`\a`, String.raw`x\1`])(
    "refuses %s, as moby does or misreads",
    (pattern) => {
      expect(() => parseIgnore(pattern)).toThrow(/pattern/);
    },
  );

  it("lets the last match decide", () => {
    const { isIgnored, bringsBack } = parseIgnore("*.md\n!README.md\nREADME.md.bak\n");
    expect(["a.md", "README.md", "README.md.bak"].map(isIgnored)).toEqual([true, false, true]);
    expect(bringsBack).toBe(true);
  });

  it("brings files back from below an ignored folder", () => {
    const { isIgnored } = parseIgnore("public\n!public/robots.txt");
    expect([isIgnored("public/x"), isIgnored("public/robots.txt")]).toEqual([true, false]);
  });
});
