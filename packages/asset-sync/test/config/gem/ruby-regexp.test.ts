import { describe, expect, it } from "vitest";

import { translateRegexp } from "../../../src/config/ruby-regexp.ts";

/** What Ruby 3.1 matched (=~ not nil) and did not. */
const ROWS: readonly (readonly [source: string, flags: string, yes: readonly string[], no: readonly string[]])[] = [
  [String.raw`\.map\z`, "", ["a.map"], ["a.map.gz", "amap"]],
  [String.raw`\Aassets/`, "", ["assets/a"], ["x/assets/a"]],
  [String.raw`^assets\/.*\.(png|jpe?g)$`, "", ["assets/a.png", "assets/b.jpeg"], ["packs/a.png", "assets/a.pngx"]],
  ["(?i)LOGO", "", ["a/logo.png"], ["a/lego.png"]],
  ["logo", "i", ["LOGO"], ["lego"]],
  ["(?i:LOGO)-x", "", ["logo-x"], ["logo-X"]],
  ["(?<dir>[^/]+)/(?<name>.+)", "", ["a/b"], ["ab"]],
  [String.raw`(?<a>x)\k<a>`, "", ["xx"], ["xy"]],
  ["[[:alpha:]]+-[[:digit:]]{2}", "", ["ab-12", "ü-12"], ["12-ab"]],
  ["^[^[:space:]]+$", "", ["ab"], ["a b"]],
  [String.raw`\h{8}`, "", ["0123abCD"], ["0123abxy"]],
  [String.raw`[\h]{4}-\H`, "", ["abcd-x"], ["abcd-a"]],
  ["a.c", "m", ["a\nc"], ["ac"]],
  [String.raw`foo\-bar\_baz\:`, "", ["foo-bar_baz:"], ["foo_bar"]],
  ["a{,2}b", "", ["b", "aab"], ["c"]],
  ["a{b}", "", ["a{b}"], ["ab"]],
  ["[]a]b", "", ["]b", "ab"], ["b"]],
  ["[a-z.|()]x", "", ["(x", ".x", "|x"], ["X"]],
  [String.raw`(?<!-dev)\.js\Z`, "", ["a.js"], ["a-dev.js"]],
  [String.raw`\p{L}\p{Digit}\p{^Alpha}`, "", ["ü1-"], ["1ü-", "ü1a"]],
  ["(?#a comment)x", "", ["x"], ["y"]],
];

describe("a regular expression of Ruby", () => {
  it.each(ROWS)("/%s/%s means the same", (source, flags, yes, no) => {
    const said = translateRegexp({ source, flags });
    const regexp = said.kind === "translated" ? new RegExp(said.source, said.flags) : undefined;
    expect({
      said,
      yes: yes.filter((text) => regexp?.test(text)),
      no: no.filter((text) => regexp?.test(text)),
    }).toEqual({
      said: expect.objectContaining({ kind: "translated" }),
      yes,
      no: [],
    });
  });

  it.each([
    [String.raw`ab\Gc`, 2],
    ["a++", 1],
    ["x(?>a)", 1],
    ["[a&&b]", 2],
    ["[[:nothing:]]", 1],
    [String.raw`\X`, 0],
    ["a(?i)b", 1],
  ])("/%s/ is refused at %i", (source, at) => {
    expect(translateRegexp({ source, flags: "" })).toMatchObject({ kind: "refused", at });
  });
});
