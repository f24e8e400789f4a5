import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

import { startS3Double, type S3Double } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { S3Target } from "../../src/config/target.ts";
import { requestCounter } from "../../src/store/request-counter.ts";
import { s3Store } from "../../src/store/s3-store.ts";
import type { Store } from "../../src/store/store.ts";
import { stubCredentials } from "../sync/fixture.ts";
import { putRequest } from "./store-contract.ts";
import { trustedCertificate } from "./trusted-certificate.ts";

const LEDGER = ".asset-sync/ledger.json.zst";

let double: S3Double;
let store: Store;
let counter = requestCounter();

beforeEach(async () => {
  double = await startS3Double({ buckets: ["shop-assets"] });
  stubCredentials(double);
  counter = requestCounter();
});

afterEach(async () => {
  store.close();
  await double[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function open(silence: number, endpoint = double.endpoint): Store {
  const { region } = double;
  const url = "s3://shop-assets";
  const target: S3Target = { kind: "s3", url, bucket: "shop-assets", prefix: "", endpoint, region, pathStyle: true };
  store = s3Store(target, counter, { patience: { connecting: 1_000, silence } });
  return store;
}

/** Takes bodies at a steady pace, and does nothing else that would hold this process up. */
async function listenSlowly(server: Server, bytesPerSecond: number): Promise<AsyncDisposable & { port: number }> {
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    takeSlowly(request, bytesPerSecond).then(
      () => response.writeHead(200, { etag: '"slow"' }).end(),
      () => undefined,
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = Object(server.address()) as AddressInfo;
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function takeSlowly(body: AsyncIterable<Buffer>, bytesPerSecond: number): Promise<void> {
  const begin = performance.now();
  let taken = 0;
  for await (const chunk of body) {
    taken += chunk.length;
    const early = begin + (taken / bytesPerSecond) * 1000 - performance.now();
    if (early > 1) await pause(early);
  }
}

/** Leaves out the pauses between attempts. */
function hurry(): void {
  vi.spyOn(Math, "random").mockReturnValue(0);
}

describe("the S3 store's patience", () => {
  it.each(["http", "https"])("lets an upload by %s take longer than the silence it bears", async (scheme) => {
    using certificate = await trustedCertificate();
    const server = scheme === "https" ? createTlsServer(certificate) : createServer();
    const size = 48 * 2 ** 20;
    await using slow = await listenSlowly(server, size / 4);
    const begin = performance.now();
    const put = open(2_500, `${scheme}://127.0.0.1:${slow.port}`).put(putRequest("large.js", "x".repeat(size)));
    expect((await put).outcome).toBe("stored");
    // Every attempt takes longer than the silence: none that counts time instead of silence would be stored.
    expect(performance.now() - begin).toBeGreaterThan(3_000);
  });

  it("sends a large file again from its beginning", async () => {
    double.fail({ fault: { kind: "cut", when: "after" }, matches: () => true, times: 1 });
    double.fail({ fault: { kind: "answer", status: 503, code: "SlowDown" }, matches: () => true, times: 1 });
    hurry();
    const large = "0123456789".repeat(30_000);
    expect((await open(60_000).put(putRequest("large.js", large))).outcome).toBe("stored");
    expect(double.objects("shop-assets").get("large.js")?.body.toString()).toBe(large);
    expect(double.log.map(({ headers }) => headers["content-length"])).toEqual(["300000", "300000", "300000"]);
  });

  it("gives up with a code on a server that takes connections and never shakes hands", async () => {
    const taken: Socket[] = [];
    const server = createTcpServer((socket) => taken.push(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    hurry();
    const { port } = Object(server.address()) as AddressInfo;
    const put = open(100, `https://127.0.0.1:${port}`).put(putRequest("a.css", "x"));
    await expect(put).rejects.toMatchObject({ code: "ASSET_SYNC_STORE_FAILED" });
    await vi.waitUntil(() => taken.length >= 6, { timeout: 60_000 });
    expect(taken.length).toBe(6);
    for (const socket of taken) socket.destroy();
    server.close();
    await once(server, "close");
  });

  it.each(["before", "during"] as const)("sends again what falls silent %s the answer", async (when) => {
    double.fail({ fault: { kind: "stall", when }, matches: () => true, times: 2 });
    hurry();
    expect((await open(1_000).put(putRequest("a.css", "body{}"))).outcome).toBe("stored");
    // A busy machine may be silent for that long by itself, once more.
    expect(counter.counts().put).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ["falls silent", { kind: "stall", when: "during" }],
    ["is cut", { kind: "cut", when: "during" }],
  ] as const)("asks again for an object whose body %s, and counts each attempt", async (_, fault) => {
    await open(1_000).put(putRequest(LEDGER, "x".repeat(1_000)));
    double.fail({ fault, matches: ({ method }) => method === "GET", times: 2 });
    hurry();
    expect((await store.get(LEDGER))?.body.toString()).toBe("x".repeat(1_000));
    expect(counter.counts().get).toBe(3);
    expect(double.log.filter(({ method }) => method === "GET").length).toBe(3);
  });

  it.each([
    ["falls silent", { kind: "stall", when: "during" }],
    ["is cut", { kind: "cut", when: "during" }],
  ] as const)("gives up with a code when every answer %s", async (_, fault) => {
    await open(100).put(putRequest(LEDGER, "x".repeat(1_000)));
    double.fail({ fault, matches: ({ method }) => method === "GET" });
    hurry();
    await expect(store.get(LEDGER)).rejects.toMatchObject({
      code: "ASSET_SYNC_STORE_FAILED",
      message: expect.stringContaining("6 attempts"),
    });
    expect(counter.counts().get).toBe(6);
  });

  it("is interrupted in the middle of an answer, without another attempt", async () => {
    await open(30_000).put(putRequest(LEDGER, "x".repeat(1_000)));
    double.fail({ fault: { kind: "stall", when: "during" }, matches: ({ method }) => method === "GET" });
    const stop = new AbortController();
    const get = store.get(LEDGER, stop.signal);
    await vi.waitUntil(() => double.log.at(-1)?.method === "GET" && double.log.at(-1)?.status === 200, {
      timeout: 60_000,
    });
    stop.abort();
    await expect(get).rejects.toMatchObject({ name: "AbortError" });
    expect(counter.counts().get).toBe(1);
  });
});
