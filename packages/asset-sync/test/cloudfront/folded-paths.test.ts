import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, it } from "vitest";

import { foldedPaths, MOST_PATHS } from "../../src/cloudfront/folded-paths.ts";

const NAME = constantFrom("a", "b", "c", "d", "icons", "a.txt", "b.svg");
const PATH = array(NAME, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join("/")}`);

function covers(pattern: string, path: string): boolean {
  return pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}

function numbered(folder: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `${folder}/${n}.svg`);
}

describe("folded paths", () => {
  it("cover all paths, are never more than fifteen, and are the paths themselves where these are few", () => {
    assert(
      property(array(PATH, { maxLength: 120 }), (paths) => {
        const folded = foldedPaths(paths);
        const distinct = [...new Set(paths)];
        expect(folded.length).toBeLessThanOrEqual(MOST_PATHS);
        expect(distinct.filter((path) => !folded.some((one) => covers(one, path)))).toEqual([]);
        expect(folded.filter((one) => !distinct.some((path) => covers(one, path)))).toEqual([]);
        const few = distinct.length <= MOST_PATHS;
        expect(few ? folded : distinct.toSorted()).toEqual(distinct.toSorted());
      }),
    );
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ["one folder", numbered("/assets", 16), ["/assets/*"]],
    ["the deepest folder only", [...numbered("/a/b", 15), "/a/x.txt", "/y.txt"], ["/a/b/*", "/a/x.txt", "/y.txt"]],
    [
      "up to a folder that all share",
      numbered("/assets", 20).map((path, n) => path.replace("/a", `/v/${n}/a`)),
      ["/v/*"],
    ],
    ["everything at last", numbered("", 16), ["/*"]],
  ])("fold %s", (_, paths, expected) => {
    expect(foldedPaths(paths)).toEqual(expected);
  });
});
