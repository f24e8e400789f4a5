import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { run } from "../../src/cli/run.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

const never = new AbortController().signal;

describe("a kept plan of a collection", () => {
  it("is what --dry-run says then, and all that goes", async () => {
    await using app = await tempTree();
    const say = async (...words: readonly string[]): Promise<string> => {
      const terminal = recordedTerminal(app.path);
      expect([await run([...words, "--to", `file://${app.path}/store`], terminal, never), terminal.err()]).toEqual([
        0,
        "",
      ]);
      return terminal.out();
    };
    for (const n of [1, 2, 3]) {
      await app.write({ [`v${n}/assets/own-1a00000${n}.js`]: `${n}` });
      await say("sync", `v${n}`, "--release", `v${n}`);
    }
    const rules = ["collect", "--keep", "1", "--min-age", "0s"];
    const plan = join(app.path, "plan.json");
    expect(await say(...rules, "--out", plan)).toContain("2 files (2 B) would be deleted, 1 stay");
    const saved = JSON.parse(await readFile(plan, "utf8"));
    const { plan: made } = saved;
    const less = { ...made, dropped: ["v1"], keys: made.keys.slice(0, 1) };
    await writeFile(plan, JSON.stringify({ ...saved, plan: less }));
    const withPlan = ["collect", "--plan", plan];
    expect(await say(...withPlan, "--keep", "3", "--dry-run")).toContain("0 files (0 B) would be deleted, 3 stay");
    expect(await say(...withPlan, "--dry-run")).toContain("1 file (1 B) would be deleted, 2 stay");
    expect(await say(...withPlan)).toContain("1 file to delete (1 B), 2 stay");
  });
});
