import { startS3Double, tempTree } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { parseTarget, type S3Location, type S3Target } from "../../src/config/target.ts";
import { requestCounter } from "../../src/store/request-counter.ts";
import { connect, type S3Settings } from "../../src/store/s3-client.ts";
import { s3Store } from "../../src/store/s3-store.ts";
import { putRequest } from "./store-contract.ts";

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIADOUBLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "double-secret");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
  for (const name of ["AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"]) vi.stubEnv(name, undefined);
});

afterEach(() => vi.unstubAllEnvs());

function targetAt(location: S3Location): S3Target {
  const target = parseTarget("s3://shop-assets", location);
  if (target.kind !== "s3") throw new Error("not an S3 target");
  return target;
}

/** The host that a request would go to; nothing is sent. */
async function hostAsked(target: S3Target, settings: S3Settings): Promise<unknown> {
  const { sdk, client } = await connect(target, requestCounter(), settings);
  let host: unknown;
  client.middlewareStack.add(
    () => (args) => {
      host = Reflect.get(Object(args.request), "hostname");
      throw new Error("not sent");
    },
    { step: "finalizeRequest" },
  );
  await client.send(new sdk.GetObjectCommand({ Bucket: target.bucket, Key: "k" })).catch(() => undefined);
  client.destroy();
  return host;
}

describe("an endpoint of the AWS configuration that the target does not name", () => {
  const AWS = "shop-assets.s3.eu-west-1.amazonaws.com";
  const ELSEWHERE = "https://elsewhere.example";

  it.each(["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])("in %s does not lead a receipt's target away", async (name) => {
    vi.stubEnv(name, ELSEWHERE);
    expect(await hostAsked(targetAt({ region: "eu-west-1" }), { configuredEndpoint: "ignored" })).toBe(AWS);
  });

  it("in a configuration file does not lead a receipt's target away", async () => {
    await using tree = await tempTree({ config: `[default]\nendpoint_url = ${ELSEWHERE}\n` });
    vi.stubEnv("AWS_CONFIG_FILE", `${tree.path}/config`);
    expect(await hostAsked(targetAt({ region: "eu-west-1" }), { configuredEndpoint: "ignored" })).toBe(AWS);
  });

  it("is refused for a sync, whose receipt would not name it", async () => {
    await using tree = await tempTree({ config: `[profile there]\nendpoint_url = ${ELSEWHERE}\n` });
    vi.stubEnv("AWS_CONFIG_FILE", `${tree.path}/config`);
    vi.stubEnv("AWS_PROFILE", "there");
    const store = s3Store(targetAt({ region: "eu-west-1" }), requestCounter());
    await expect(store.put(putRequest("k", "x"))).rejects.toMatchObject({
      code: "ASSET_SYNC_OPTION_INVALID",
      exitCode: 2,
      message: expect.stringContaining(ELSEWHERE),
      hint: expect.stringContaining("--endpoint"),
    });
  });

  it("does not matter where the target names its own", async () => {
    await using double = await startS3Double({ buckets: ["shop-assets"] });
    vi.stubEnv("AWS_ENDPOINT_URL_S3", ELSEWHERE);
    const store = s3Store(targetAt({ endpoint: double.endpoint, pathStyle: true }), requestCounter());
    expect((await store.put(putRequest("k", "x"))).outcome).toBe("stored");
    store.close();
  });
});

describe("a region that is none", () => {
  const attempts = {
    get: (target: S3Target) => s3Store(target, requestCounter()).get("k"),
    head: (target: S3Target) => s3Store(target, requestCounter()).head("k"),
    put: (target: S3Target) => s3Store(target, requestCounter()).put(putRequest("k", "x")),
  };

  it.each(["", "foo bar", "eu-west-1\n", "-eu", "eu.west"])("%j is refused by each request", async (region) => {
    for (const attempt of Object.values(attempts)) {
      await expect(attempt(targetAt({ region }))).rejects.toMatchObject({
        code: "ASSET_SYNC_REGION_WRONG",
        exitCode: 2,
        message: expect.stringContaining(JSON.stringify(region)),
        hint: expect.stringMatching(/--region.*AWS_REGION/),
      });
    }
  });

  it.each([
    [undefined, "No region is known"],
    ["foo bar", "foo bar"],
  ])("%j in AWS_REGION is refused by each request", async (region, message) => {
    vi.stubEnv("AWS_REGION", region);
    for (const attempt of Object.values(attempts)) {
      await expect(attempt(targetAt({}))).rejects.toMatchObject({
        code: "ASSET_SYNC_REGION_WRONG",
        exitCode: 2,
        message: expect.stringContaining(message),
      });
    }
  });
});
