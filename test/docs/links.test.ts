import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { describe, expect, it } from "vitest";

import { PAGES } from "./pages.ts";
import { pageSteps } from "./page.ts";
import { TRANSLATED } from "./proofs.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** The names that headings can be linked by, as GitHub makes them. */
function anchors(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Whether what a page links to is there: the file, and the heading where one is named. */
function leadsSomewhere(page: string, path: string, anchor: string | undefined): boolean {
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || !target.endsWith(".md") || anchors(read(target)).includes(decodeURIComponent(anchor));
}

function deadLinks({ path: page, text }: { readonly path: string; readonly text: string }): readonly string[] {
  const prose = text.replaceAll(/^```.*?^```$/gms, "");
  return [...prose.matchAll(/\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
    .filter(([, path = "", anchor]) => !leadsSomewhere(page, path, anchor))
    .map(([link]) => link);
}

describe("links within the repository", () => {
  it.each(PAGES)("lead somewhere in $path", (page) => {
    expect(deadLinks(page)).toEqual([]);
  });

  it("are found dead", () => {
    const text = "[a](nothing.md) [b](CONTRIBUTING.md#nothing) [c](CONTRIBUTING.md#services)";
    expect(deadLinks({ path: "README.md", text })).toEqual(["](nothing.md)", "](CONTRIBUTING.md#nothing)"]);
  });
});

describe("a translated page", () => {
  it.each(Object.entries(TRANSLATED))("%s has its reader do what %s does", (...names) => {
    const [translated, original] = names.map((name) => pageSteps(read(`docs/getting-started/${name}`)));
    expect(translated).toEqual(original);
  });
});
