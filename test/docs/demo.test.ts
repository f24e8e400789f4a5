import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";

import { tempTree } from "@slipway/testkit";
import { expect, it } from "vitest";

import { blockWith } from "./blocks.ts";
import { linePattern } from "./page.ts";
import { pageAt } from "./pages.ts";
import { DEMO } from "./proofs.ts";

const ROOT = join(import.meta.dirname, "../..");
const PROGRAM = join(ROOT, "examples/demo/src/embedded/demo.ts");

/** Process ids, times, memory, and the column widths that follow from them. */
const VARIES = / *\d+\.\d+ s *| *\d+ MB *|\d+(?= \|)|pid \d+|vm:\d+\/\w+/g;

/** Shown lines that were not printed, each in any place: five processes write side by side. */
function notPrinted(shown: string, printed: readonly string[]): readonly string[] {
  const lines = shown.trimEnd().split("\n");
  return lines.filter((line) => {
    const pattern = new RegExp(`^${linePattern(line.replaceAll(VARIES, "…"))}$`);
    return !printed.some((candidate) => pattern.test(candidate));
  });
}

it("prints what the README shows of it", async () => {
  await using work = await tempTree();
  const script = `import { runEmbeddedDemo } from ${JSON.stringify(PROGRAM)}; await runEmbeddedDemo(${JSON.stringify(work.path)}, false);`;
  const words = ["--conditions=source", "--input-type=module-typescript", "--eval", `${script} process.exit(0);`];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words, { cwd: ROOT });
  const printed = stripVTControlCharacters(stdout + stderr)
    .replaceAll(work.path, "/srv/slipway/tmp/demo")
    .replaceAll(ROOT, "/srv/slipway")
    .split("\n");
  const shown = [DEMO.begins, ": run here", ": done by", "What happened"].map((text) =>
    blockWith(pageAt(DEMO.page), text),
  );
  expect(shown.flatMap((block) => notPrinted(block, printed))).toEqual([]);
});
