import { existsSync } from "node:fs";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { run } from "../../src/cli/run.ts";
import { recordedTerminal, type RecordedTerminal } from "./recorded-terminal.ts";

const BUILD = { "public/assets/app.css": "a { background: url(gone.png) }" };
const WORDS = ["sync", "--offline", "--to", "s3://shop-assets", "--release", "v1", "--json"];

async function offline(directory: string, ...more: readonly string[]): Promise<RecordedTerminal> {
  const terminal = recordedTerminal(directory);
  expect(await run([...WORDS, ...more], terminal, new AbortController().signal)).toBe(0);
  return terminal;
}

describe("sync --offline", () => {
  it("writes the receipt, tells what it found, and ends with a summary", async () => {
    await using app = await tempTree(BUILD);
    const terminal = await offline(app.path);
    expect(terminal.lines().map(({ type }) => type)).toEqual(["scanned", "finding", "receipt-written", "summary"]);
    expect(terminal.lines().at(-1)).toMatchObject({ release: "v1", target: "s3://shop-assets", offline: true });
    expect(existsSync(join(app.path, "public/.asset-receipt.json"))).toBe(true);
  });

  it("writes nothing with --dry-run", async () => {
    await using app = await tempTree(BUILD);
    const terminal = await offline(app.path, "--dry-run");
    expect(terminal.lines().map(({ type }) => type)).toEqual(["scanned", "finding", "summary"]);
    expect(existsSync(join(app.path, "public/.asset-receipt.json"))).toBe(false);
  });

  it("leaves a release that no ledger knows until it is pushed, which verify tells although its names are there", async () => {
    await using app = await tempTree({ "public/assets/robots.txt": "first" });
    const to = ["--to", `file://${app.path}/store`];
    const asked = async (...words: readonly string[]) => {
      const terminal = recordedTerminal(app.path);
      expect(await run(words, terminal, new AbortController().signal)).toBe(0);
      return terminal.out();
    };
    await asked("sync", ...to, "--release", "v1");
    expect(await asked("verify")).not.toContain("knows no release");
    await app.write({ "public/assets/robots.txt": "second" });
    await asked("sync", "--offline", ...to, "--release", "v2");
    const told = await asked("verify");
    expect(told).toContain("superseded assets/robots.txt  (stands for another release's bytes, as its name allows)");
    expect(told).toContain(
      "The ledger knows no release v2: it was never synced or pushed, or has been collected since.",
    );
    expect(await asked("verify", "--json")).toContain('"recorded":false');
  });
});
