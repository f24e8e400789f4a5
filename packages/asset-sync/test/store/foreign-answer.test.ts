import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";

import { startLoopbackServer } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { requestCounter } from "../../src/store/request-counter.ts";
import { s3Store } from "../../src/store/s3-store.ts";
import type { Store } from "../../src/store/store.ts";
import { putRequest } from "./store-contract.ts";

interface ForeignAnswer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAFOREIGN");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});

afterEach(() => void vi.unstubAllEnvs());

/** A store whose endpoint answers everything alike. */
async function foreignStore({ status, headers, body }: ForeignAnswer) {
  const asked: IncomingHttpHeaders[] = [];
  const server = await startLoopbackServer((request, response) => {
    asked.push(request.headers);
    request.resume();
    response.writeHead(status, headers).end(body);
  });
  const target = { kind: "s3", url: "s3://shop-assets", bucket: "shop-assets", prefix: "", pathStyle: true } as const;
  const store: Store = s3Store({ ...target, endpoint: server.endpoint, region: "us-east-1" }, requestCounter());
  return {
    store,
    asked,
    [Symbol.asyncDispose]: async () => {
      store.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function listed(store: Store): Promise<void> {
  for await (const _ of store.list({ prefix: "" })) continue;
}

const WRONG = {
  code: "ASSET_SYNC_ENDPOINT_WRONG",
  exitCode: 2,
  hint: expect.stringContaining("--endpoint"),
};

const PAGE = { headers: { "content-type": "text/html" }, body: "<html><title>Sign in</title></html>" };

describe("an endpoint that is no S3", () => {
  it.each([
    ["a page", { status: 200, ...PAGE }, "text/html"],
    ["nothing", { status: 204 }, "no entity tag"],
    ["a page that there is nothing", { status: 404, ...PAGE }, "HTTP status 404"],
    ["a password's question", { status: 401 }, "HTTP status 401"],
  ])("and answers with %s is told when an object is read", async (_, answer, words) => {
    await using world = await foreignStore(answer);
    const message = expect.stringContaining(words);
    await expect(world.store.get("a.css")).rejects.toMatchObject({ ...WRONG, message });
    expect(world.asked.length).toBe(1);
  });

  it("is told when an object is looked at", async () => {
    await using world = await foreignStore({ status: 200, ...PAGE });
    await expect(world.store.head("a.css")).rejects.toMatchObject(WRONG);
  });

  it("is told when a bucket is listed, and is no empty one", async () => {
    await using world = await foreignStore({ status: 200, ...PAGE });
    const message = expect.stringContaining("no listing");
    await expect(listed(world.store)).rejects.toMatchObject({ ...WRONG, message });
  });
});

describe("an endpoint that sends elsewhere", () => {
  it.each([301, 302, 307, 308])("is told with where it sends, and is not followed (%d)", async (status) => {
    const location = "https://s3.example/shop-assets/a.css?token=secret";
    await using world = await foreignStore({ status, headers: { location } });
    const message = expect.stringContaining('redirects to "https://s3.example/shop-assets/a.css[…]"');
    for (const attempt of [world.store.get("a.css"), world.store.put(putRequest("a.css", "x"))]) {
      await expect(attempt).rejects.toMatchObject({ ...WRONG, message });
    }
    expect(world.asked.length).toBe(2);
  });

  it("for the bucket's region is S3 itself, and told as that", async () => {
    const body = "<Error><Code>PermanentRedirect</Code><Message>Use eu-west-1</Message></Error>";
    await using world = await foreignStore({ status: 301, headers: { location: "https://s3.example/" }, body });
    await expect(world.store.get("a.css")).rejects.toMatchObject({ code: "ASSET_SYNC_REGION_WRONG" });
  });
});
