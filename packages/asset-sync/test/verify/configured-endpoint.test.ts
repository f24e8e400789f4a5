import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { afterEach, expect, it, vi } from "vitest";

import { verify } from "../../src/verify/verify.ts";

afterEach(() => vi.unstubAllEnvs());

it("verify asks AWS where the receipt says so, whatever endpoint the container has for other things", async () => {
  const receipt = {
    format: "slipway-receipt/1",
    release: "v1",
    target: "s3://shop-assets/pre",
    region: "eu-west-1",
    ledger: { key: ".asset-sync/ledger.json.zst", version: "0" },
    files: {},
    replaceable: [],
  };
  await using tree = await tempTree({ "receipt.json": JSON.stringify(receipt) });
  vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIADOUBLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "double-secret");
  // Interrupted before anything is sent: a refused endpoint would be said first.
  const asked = verify({ receipt: join(tree.path, "receipt.json"), signal: AbortSignal.abort() });
  await expect(asked).rejects.toMatchObject({ code: "ASSET_SYNC_INTERRUPTED" });
});
