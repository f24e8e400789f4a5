import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { afterEach, expect, it, vi } from "vitest";

import { verify } from "../../src/verify/verify.ts";

afterEach(() => vi.unstubAllEnvs());

/** A receipt of that target, without a file in it. */
function receiptOf(target: string): string {
  const ledger = { key: ".asset-sync/ledger.json.zst", version: "0" };
  const rest = { release: "v1", target, region: "eu-west-1", ledger, files: {}, replaceable: [] };
  return JSON.stringify({ format: "slipway-receipt/1", ...rest });
}

it("verify asks AWS where the receipt says so, whatever endpoint the container has for other things", async () => {
  await using tree = await tempTree({ "receipt.json": receiptOf("s3://shop-assets/pre") });
  vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIADOUBLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "double-secret");
  // Interrupted before anything is sent: a refused endpoint would be said first.
  const asked = verify({ receipt: join(tree.path, "receipt.json"), signal: AbortSignal.abort() });
  await expect(asked).rejects.toMatchObject({ code: "ASSET_SYNC_INTERRUPTED" });
});

it("verify refuses an endpoint for a folder", async () => {
  await using tree = await tempTree({ "receipt.json": receiptOf("s3://shop-assets/pre") });
  const asked = verify({
    receipt: join(tree.path, "receipt.json"),
    to: `file://${tree.path}`,
    endpoint: "http://one.example",
  });
  await expect(asked).rejects.toMatchObject({ code: "ASSET_SYNC_OPTION_INVALID", exitCode: 2 });
});
