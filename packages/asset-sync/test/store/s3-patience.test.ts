import { startS3Double, type S3Double } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { S3Target } from "../../src/config/target.ts";
import { requestCounter } from "../../src/store/request-counter.ts";
import { s3Store } from "../../src/store/s3-store.ts";
import type { Store } from "../../src/store/store.ts";
import { stubCredentials } from "../sync/fixture.ts";
import { putRequest } from "./store-contract.ts";

const LEDGER = ".asset-sync/ledger.json.gz";

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

function open(silence: number): Store {
  const { endpoint, region } = double;
  const target: S3Target = {
    kind: "s3",
    url: "s3://shop-assets",
    bucket: "shop-assets",
    prefix: "",
    endpoint,
    region,
    pathStyle: true,
  };
  store = s3Store(target, counter, { patience: { connecting: 1_000, silence } });
  return store;
}

/** Leaves out the pauses between attempts. */
function hurry(): void {
  vi.spyOn(Math, "random").mockReturnValue(0);
}

describe("the S3 store's patience", () => {
  it("lets an upload take longer than the silence it bears, while bytes move", { timeout: 20_000 }, async () => {
    const size = 48 * 2 ** 20;
    double.fail({ fault: { kind: "slow", bytesPerSecond: size / 2 }, matches: () => true });
    const begin = performance.now();
    expect((await open(1_000).put(putRequest("large.js", "x".repeat(size)))).outcome).toBe("stored");
    expect(performance.now() - begin).toBeGreaterThan(1_500);
    expect(counter.counts().put).toBe(1);
  });

  it.each(["before", "during"] as const)("sends again what falls silent %s the answer", async (when) => {
    double.fail({ fault: { kind: "stall", when }, matches: () => true, times: 2 });
    hurry();
    expect((await open(200).put(putRequest("a.css", "body{}"))).outcome).toBe("stored");
    expect(counter.counts().put).toBe(3);
  });

  it.each([
    ["falls silent", { kind: "stall", when: "during" }],
    ["is cut", { kind: "cut", when: "during" }],
  ] as const)("asks again for an object whose body %s, and counts each attempt", async (_, fault) => {
    await open(200).put(putRequest(LEDGER, "x".repeat(1_000)));
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
    await vi.waitFor(() => expect(double.log.at(-1)).toMatchObject({ method: "GET", status: 200 }));
    stop.abort();
    await expect(get).rejects.toMatchObject({ name: "AbortError" });
    expect(counter.counts().get).toBe(1);
  });
});
