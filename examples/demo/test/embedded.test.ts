import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { beforeAll, describe, expect, it } from "vitest";

import { type DemoOutcome, runEmbeddedDemo } from "../src/embedded/demo.ts";

describe("the chain on embedded defaults", () => {
  let outcome: DemoOutcome;
  let receipt: unknown;

  beforeAll(async () => {
    await using work = await tempTree();
    outcome = await runEmbeddedDemo(work.path, false);
    receipt = JSON.parse(await readFile(join(work.path, "public", ".asset-receipt.json"), "utf8"));
  }, 60_000);

  it("syncs seven files with nine requests, the same release with one, the next with two", () => {
    expect(outcome.requests).toEqual([9, 1, 2]);
  });

  it("applies each migration once, as the database counts, though five start at once", () => {
    expect(Object.fromEntries(outcome.applied)).toEqual({ "20261101000000": 1, "20261102000000": 1 });
  });

  it("serves five pages whose assets come from the store with type and immutable cache header", () => {
    expect(outcome.pages).toHaveLength(5);
    for (const { html, assets } of outcome.pages) {
      expect(html).toContain("田中 花子");
      expect(assets).toEqual([
        expect.objectContaining({
          type: "text/css; charset=utf-8",
          cacheControl: "public, max-age=31536000, immutable",
        }),
        expect.objectContaining({
          type: "text/javascript; charset=utf-8",
          cacheControl: "public, max-age=31536000, immutable",
        }),
      ]);
    }
  });

  it("leaves a receipt that names the release and its files", () => {
    expect(receipt).toMatchObject({ format: "slipway-receipt/1", release: "2026-11-b" });
    expect(Object.keys((receipt as { files: object }).files)).toHaveLength(7);
  });
});
