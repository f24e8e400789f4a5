import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { run } from "../../src/cli/run.ts";
import { BUILD, syncFixture } from "../sync/fixture.ts";
import { recordedTerminal, type RecordedTerminal } from "./recorded-terminal.ts";

const never = new AbortController().signal;

describe("asset-sync collect --dry-run", () => {
  it.each([
    ["above --max-delete", ["--max-delete", "1"], "--max-delete allows 1"],
    ["while the newest release is incomplete", [], "v3, is incomplete"],
  ])("%s says what it would delete, and that it would be refused", async (_, limits, reason) => {
    await using app = await tempTree();
    const say = async (...words: readonly string[]): Promise<readonly [number, RecordedTerminal]> => {
      const terminal = recordedTerminal(app.path);
      return [await run([...words, "--to", `file://${app.path}/store`], terminal, never), terminal];
    };
    for (const n of [1, 2, 3]) {
      await app.write({ [`v${n}/assets/own-1a00000${n}.js`]: `${n}` });
      await say("sync", `v${n}`, "--release", `v${n}`);
    }
    if (limits.length === 0) await app.write({ "store/assets/own-1a000003.js": "other" });
    const rules = ["collect", "--keep", "1", "--min-age", "0s", ...limits];
    const [code, shown] = await say(...rules, "--dry-run");
    expect(code).toBe(3);
    expect(shown.out()).toContain("delete  assets/own-1a000001.js\ndelete  assets/own-1a000002.js\n");
    expect(shown.out()).toContain("would be refused");
    expect(shown.err()).toContain(reason);
    const [, json] = await say(...rules, "--dry-run", "--json");
    expect(json.lines().filter(({ type }) => type === "delete")).toHaveLength(2);
    expect(json.lines().slice(-2)).toMatchObject([{ type: "error" }, { type: "summary", exitCode: 3 }]);
    expect(json.lines().filter(({ type }) => type === "summary")).toHaveLength(1);
    const [real] = await say(...rules);
    expect(real).toBe(3);
  });
});

describe("asset-sync collect", () => {
  it.each([[["--dry-run"]], [[]]])(
    "%j says that nothing was asked what runs, and that there is no ledger",
    async (words) => {
      await using app = await tempTree({ "running.txt": "shop:v1" });
      const say = async (...more: readonly string[]): Promise<string> => {
        const terminal = recordedTerminal(app.path);
        await run(["collect", "--to", `file://${app.path}/store`, ...words, ...more], terminal, never);
        return terminal.out();
      };
      const said = await say();
      expect(said).toContain("running   nothing is asked what runs (--running-from)");
      expect(said).toMatch(/^ledger {4}none, or nothing in it {2}file:.*ledger/m);
      expect(await say("--running-from", "running.txt")).not.toContain("nothing is asked");
    },
  );
});

describe("a verb that writes the ledger", () => {
  it.each([
    ["collect", ["collect", "--keep", "1", "--min-age", "0s"], 2],
    ["pin", ["pin", "v1"], 1],
    ["adopt", ["adopt", "--write"], 1],
  ])("has it encrypted as %s is told", async (_, words, writes) => {
    await using world = await syncFixture(BUILD);
    const { endpoint, region } = world.double;
    const place = ["--to", "s3://shop-assets/pre", "--endpoint", endpoint, "--region", region, "--path-style"];
    const say = (...more: readonly string[]): Promise<number> => {
      const terminal = { ...recordedTerminal(world.tree.path), environment: process.env };
      return run([...more, ...place], terminal, never);
    };
    await say("sync", ".", "--release", "v1");
    await world.tree.write({ "assets/robots.txt": "other" });
    await world.tree.write({ "assets/.manifest.json": "{}" });
    await say("sync", ".", "--release", "v2", "--allow-changed");
    world.double.log.length = 0;
    expect(await say(...words, "--sse", "aws:kms", "--sse-kms-key-id", "alias/assets")).toBe(0);
    const puts = world.double.log.filter(({ method }) => method === "PUT");
    expect(puts).toHaveLength(writes);
    for (const { headers } of puts) {
      expect(headers).toMatchObject({
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": "alias/assets",
      });
    }
  });
});
