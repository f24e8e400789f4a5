import { startS3Double, type S3Double, type S3DoubleOptions } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { parseTarget, type S3Target } from "../../src/config/target.ts";
import { requestCounter } from "../../src/store/request-counter.ts";
import { s3Store } from "../../src/store/s3-store.ts";
import type { Store } from "../../src/store/store.ts";
import { describeStore, putRequest, type OpenedStore } from "./store-contract.ts";

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIADOUBLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "double-secret");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
});

afterEach(() => vi.unstubAllEnvs());

function targetOf(double: S3Double, url = "s3://shop-assets/pre"): S3Target {
  const target = parseTarget(url, { endpoint: double.endpoint, region: "us-east-1", pathStyle: true });
  if (target.kind !== "s3") throw new Error("not an S3 target");
  return target;
}

async function openDouble(options: S3DoubleOptions = {}): Promise<OpenedStore & { readonly double: S3Double }> {
  const double = await startS3Double({ buckets: ["shop-assets"], ...options });
  const reopen = (): Store => s3Store(targetOf(double), requestCounter());
  const store = reopen();
  return {
    double,
    store,
    reopen,
    [Symbol.asyncDispose]: async () => {
      store.close();
      await double[Symbol.asyncDispose]();
    },
  };
}

describeStore("the S3 double", openDouble);
describeStore("an S3 that compares bare entity tags", () => openDouble({ ifMatch: "bare" }));

describe("the S3 store", () => {
  it("sends no ACL, no checksum header, no chunked body, and the digest as signed payload", async () => {
    await using opened = await openDouble();
    const request = putRequest("a.css", "body{}");
    await opened.store.put(request);
    const headers = opened.double.log[0]?.headers ?? {};
    expect(headers["x-amz-content-sha256"]).toBe(request.sha256);
    expect(headers["content-length"]).toBe("6");
    const names = Object.keys(headers);
    expect(names.filter((name) => /acl|checksum|trailer|transfer-encoding|sdk-checksum/.test(name))).toEqual([]);
    expect(headers["content-encoding"]).toBeUndefined();
  });

  it("keeps keys below the prefix, so that a neighbour's are not its own", async () => {
    await using opened = await openDouble();
    await opened.store.put(putRequest("a.css", "x"));
    expect([...opened.double.objects("shop-assets").keys()]).toEqual(["pre/a.css"]);
    expect(opened.store.locate("a.css")).toBe("s3://shop-assets/pre/a.css");
  });

  it.each([
    ["500", { kind: "answer", status: 500, code: "InternalError" }],
    ["503", { kind: "answer", status: 503, code: "SlowDown" }],
    ["a reset before", { kind: "cut", when: "before" }],
    ["a reset after", { kind: "cut", when: "after" }],
  ] as const)("tries again after %s and counts each attempt", async (_, fault) => {
    await using opened = await openDouble();
    opened.double.fail({ fault, matches: () => true, times: 2 });
    const counter = requestCounter();
    const store = s3Store(targetOf(opened.double), counter);
    expect((await store.put(putRequest("a.css", "x"))).outcome).toBe("stored");
    expect(counter.counts().put).toBe(3);
    expect(opened.double.log.length).toBe(3);
    store.close();
  });

  it("gives up after all attempts, naming key and endpoint", async () => {
    await using opened = await openDouble();
    opened.double.fail({ fault: { kind: "answer", status: 500, code: "InternalError" }, matches: () => true });
    await expect(opened.store.put(putRequest("a.css", "x"))).rejects.toMatchObject({
      code: "ASSET_SYNC_STORE_FAILED",
      message: expect.stringMatching(/s3:\/\/shop-assets\/pre\/a\.css at http.*6 attempts.*InternalError/),
    });
  });

  it.each([
    ["InvalidAccessKeyId", 403, "ASSET_SYNC_CREDENTIALS_REFUSED"],
    ["SignatureDoesNotMatch", 403, "ASSET_SYNC_CREDENTIALS_REFUSED"],
    ["ExpiredToken", 400, "ASSET_SYNC_CREDENTIALS_REFUSED"],
    ["AccessDenied", 403, "ASSET_SYNC_ACCESS_DENIED"],
    ["NoSuchBucket", 404, "ASSET_SYNC_BUCKET_MISSING"],
    ["PermanentRedirect", 301, "ASSET_SYNC_REGION_WRONG"],
    ["InvalidRequest", 400, "ASSET_SYNC_STORE_FAILED"],
  ])("reads %s (%d) as %s", async (code, status, expected) => {
    await using opened = await openDouble();
    opened.double.fail({ fault: { kind: "answer", status, code }, matches: () => true });
    await expect(opened.store.get("a.css")).rejects.toMatchObject({ code: expected });
  });

  it.each(["InvalidAccessKeyId", "SignatureDoesNotMatch"])("says which access key got %s", async (code) => {
    await using opened = await openDouble();
    opened.double.fail({ fault: { kind: "answer", status: 403, code }, matches: () => true });
    const failure: unknown = await opened.store.get("a.css").catch((error: unknown) => error);
    expect(String(failure)).toMatch(/ with access key AKIADOUBLE failed/);
  });

  it("does not show a secret that was taken for the access key", async () => {
    const secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY01";
    vi.stubEnv("AWS_ACCESS_KEY_ID", secret);
    await using opened = await openDouble();
    const failure: unknown = await opened.store.get("a.css").catch((error: unknown) => error);
    expect(String(failure)).toMatch(/ with an access key that ends in EY01 failed/);
    expect(String(failure)).not.toContain(secret.slice(0, 20));
  });

  it("looks for a role's missing credentials without a stack trace of the SDK", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
    await using opened = await openDouble();
    await expect(opened.store.get("a.css")).rejects.toMatchObject({
      code: "ASSET_SYNC_CREDENTIALS_MISSING",
      exitCode: 2,
    });
  });

  it("stops when told to", async () => {
    await using opened = await openDouble();
    opened.double.fail({ fault: { kind: "delay", milliseconds: 5_000 }, matches: () => true });
    const stop = new AbortController();
    const put = opened.store.put(putRequest("a.css", "x"), stop.signal);
    stop.abort();
    await expect(put).rejects.toMatchObject({ name: "AbortError" });
  });
});
