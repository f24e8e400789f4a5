import type { ServerResponse } from "node:http";

import { startLoopbackServer } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { requestCounter } from "../../src/store/request-counter.ts";
import { s3Store } from "../../src/store/s3-store.ts";
import type { Store } from "../../src/store/store.ts";

const PIECE = Buffer.alloc(2 ** 16, " ");

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAENDLESS");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});

afterEach(() => void vi.unstubAllEnvs());

/** Sends an answer that does not say how long it is, for as long as somebody takes it. */
function pour(response: ServerResponse): void {
  while (!response.destroyed && response.write(PIECE)) continue;
  if (!response.destroyed) response.once("drain", () => pour(response));
}

/** A store whose every answer has no end. */
async function endlessStore(status: number): Promise<AsyncDisposable & { readonly store: Store }> {
  const server = await startLoopbackServer((request, response) => {
    request.resume();
    response.writeHead(status, { etag: '"endless"' });
    pour(response);
  });
  const target = { kind: "s3", url: "s3://shop-assets", bucket: "shop-assets", prefix: "", pathStyle: true } as const;
  const store = s3Store({ ...target, endpoint: server.endpoint, region: "us-east-1" }, requestCounter());
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      store.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe("an answer that has no end", () => {
  it("is no object that its reader wants to hold", async () => {
    await using world = await endlessStore(200);
    await expect(world.store.get("a.css", undefined, 2 ** 20)).rejects.toMatchObject({
      name: "OversizeError",
      message: expect.stringContaining("more than 1048576"),
    });
  });

  it("is none of S3's to a deletion", async () => {
    await using world = await endlessStore(200);
    await expect(world.store.delete(["a.css"])).rejects.toMatchObject({
      code: "ASSET_SYNC_STORE_FAILED",
      message: expect.stringContaining("goes on after 16777216 bytes"),
    });
  });

  it("explains no failure", async () => {
    await using world = await endlessStore(400);
    await expect(world.store.get("a.css")).rejects.toMatchObject({
      code: "ASSET_SYNC_STORE_FAILED",
      message: expect.stringContaining("goes on after 16777216 bytes"),
    });
  });
});
