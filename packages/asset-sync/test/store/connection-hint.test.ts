import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { S3Target } from "../../src/config/target.ts";
import { requestCounter } from "../../src/store/request-counter.ts";
import { s3Store } from "../../src/store/s3-store.ts";

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIA");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});

afterEach(() => vi.unstubAllEnvs());

/** What a client is told by an endpoint on a port of this machine. */
async function failureAt(scheme: string, port: number): Promise<unknown> {
  const endpoint = `${scheme}://127.0.0.1:${port}`;
  const url = "s3://shop-assets";
  const target: S3Target = {
    kind: "s3",
    url,
    bucket: "shop-assets",
    prefix: "",
    endpoint,
    region: "r",
    pathStyle: true,
  };
  const store = s3Store(target, requestCounter(), { patience: { pause: () => Promise.resolve() } });
  try {
    return await store.get("a.js");
  } catch (error) {
    return error;
  } finally {
    store.close();
  }
}

async function greetingServer(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end("220 not what was asked for\r\n"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

describe("an endpoint that is no S3", () => {
  it.each([
    ["http", "does not speak HTTP"],
    ["https", "does not speak TLS"],
  ])("asked by %s: the remedy is another endpoint, not another attempt", async (scheme, hint) => {
    const server = await greetingServer();
    const { port } = Object(server.address()) as AddressInfo;
    const code = "ASSET_SYNC_STORE_FAILED";
    expect(await failureAt(scheme, port)).toMatchObject({ code, hint: expect.stringContaining(hint) });
    server.close();
    await once(server, "close");
    expect(await failureAt(scheme, 1)).toMatchObject({ code, hint: expect.stringContaining("Nothing listens") });
  });
});
