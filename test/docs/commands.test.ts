import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { shownCalls, type ShownCall } from "./commands.ts";
import { PAGES } from "./pages.ts";

const ROOT = join(import.meta.dirname, "../..");
const PROGRAMS = ["base-image", "asset-sync", "entrypoint"];

/** What a reference page has below each verb, and what every verb of base-image takes. */
const HELP = new Map(
  PROGRAMS.flatMap((program) => {
    const page = readFileSync(join(ROOT, "docs/reference", `${program}.md`), "utf8");
    return page
      .split(/^## /m)
      .slice(1)
      .map((section) => [`${program} ${section.split("\n")[0]}`, section] as const);
  }),
);

function unknownIn({ program, verb, flags }: ShownCall): readonly string[] {
  const help = HELP.get(`${program} ${verb}`);
  if (help === undefined) return [`${program} has no verb ${verb}`];
  return flags
    .filter((flag) => !new RegExp(`${flag}(?![a-z-])`).test(help))
    .map((flag) => `${program} ${verb} has no ${flag}`);
}

describe("commands that pages show", () => {
  it.each(PAGES)("have verbs and flags that exist, in $path", ({ text }) => {
    expect(shownCalls(text, PROGRAMS).flatMap(unknownIn)).toEqual([]);
  });

  it("are found in consoles and scripts, also behind other programs", () => {
    const page =
      "```console\n$ npx asset-sync sync \\\n    public --to x -- --no\nsync --out\n```\n\n```sh\ndocker run x | entrypoint health --url=y\n```\n";
    expect(shownCalls(page, PROGRAMS)).toEqual([
      { program: "asset-sync", verb: "sync", flags: ["--to"] },
      { program: "entrypoint", verb: "health", flags: ["--url"] },
    ]);
  });

  it("are found wanting", () => {
    const calls = shownCalls("```sh\nasset-sync snyc\nbase-image build --tagg x\n```\n", PROGRAMS);
    expect(calls.flatMap(unknownIn)).toEqual(["asset-sync has no verb snyc", "base-image build has no --tagg"]);
  });
});
