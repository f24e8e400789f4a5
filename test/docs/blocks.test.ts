import { basename, join } from "node:path";

import { outputOf } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { commandBlocks, commandLines, isNamed, type BlockName, type CommandBlock } from "./blocks.ts";
import { faultsIn } from "./checked.ts";
import { HELD } from "./held.ts";
import { pageSteps } from "./page.ts";
import { pageAt, PAGES } from "./pages.ts";
import { CHECKED, DEMO, FOLLOWED, NOT_RUN, SCENARIOS, SERVICE_SCENARIOS, TRANSLATED } from "./proofs.ts";

const BLOCKS = PAGES.flatMap(commandBlocks);
const WALKED = [...FOLLOWED, ...Object.keys(TRANSLATED)].map((name) => ({ page: `docs/getting-started/${name}` }));
const RUN: readonly BlockName[] = [DEMO, ...WALKED, ...HELD, ...SCENARIOS, ...SERVICE_SCENARIOS];
const NAMES: readonly BlockName[] = [...RUN, ...CHECKED, ...NOT_RUN];

const blocksOf = (name: BlockName): readonly CommandBlock[] => BLOCKS.filter((block) => isNamed(block, name));

/** Blocks that are named by none or by several. */
function unclear(blocks: readonly CommandBlock[], names: readonly BlockName[]): readonly string[] {
  return blocks
    .filter((block) => names.filter((name) => isNamed(block, name)).length !== 1)
    .map(({ page, exchanges }) => `${page}: ${exchanges[0]?.command ?? "no command"}`);
}

describe("every block of commands", () => {
  it("is run, is checked, or is not run for a reason: one of these", () => {
    expect(unclear(BLOCKS, NAMES)).toEqual([]);
  });

  it("is missed when no table names it, when two do, and when it has no command", () => {
    const blocks = commandBlocks({ path: "a.md", text: "```sh\none # first\n```\n\n```console\nno command\n```\n" });
    const named = { page: "a.md", begins: "one" };
    expect(unclear(blocks, [named])).toEqual(["a.md: no command"]);
    expect(unclear(blocks, [named, { page: "a.md" }])).toEqual(["a.md: one # first\n", "a.md: no command"]);
  });

  it("is still there when a table names it", () => {
    expect(NAMES.filter((name) => blocksOf(name).length === 0)).toEqual([]);
  });
});

describe("a page that is followed", () => {
  it.each(WALKED)("has no block that its script leaves out: $page", ({ page }) => {
    const steps = pageSteps(pageAt(page)?.text ?? "").flatMap((step) => (step.kind === "commands" ? [step.text] : []));
    expect(blocksOf({ page }).flatMap(({ exchanges }) => exchanges.map(({ command }) => command))).toEqual(steps);
  });
});

describe("a block that is not run", () => {
  it("has a reason, and the tests that the reason names are there", () => {
    const tracked = outputOf("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.test.ts"], {
      cwd: join(import.meta.dirname, "../.."),
    });
    const tests = new Set(tracked.split("\n").map((path) => basename(path)));
    const wrong = [...CHECKED, ...NOT_RUN].filter(
      ({ why }) => why.trim() === "" || (why.match(/[\w.-]+\.test\.ts/g) ?? []).some((name) => !tests.has(name)),
    );
    expect(wrong).toEqual([]);
  });

  it.each(CHECKED)("calls what is there: $page, $begins", (name) => {
    expect(blocksOf(name).flatMap((block) => commandLines(block).flatMap(faultsIn))).toEqual([]);
  });
});
