import { startS3Double, tempTree } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { parseTarget, type S3Location, type S3Target } from "../../src/config/target.ts";
import { requestCounter } from "../../src/store/request-counter.ts";
import { connect } from "../../src/store/s3-connection.ts";
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

/** The host that requests of a receipt's target would go to. */
function hostOf(): string {
  const settings = { configuredEndpoint: "ignored" } as const;
  return connect(targetAt({ region: "eu-west-1" }), requestCounter(), settings).address.host;
}

describe("an endpoint of the AWS configuration that the target does not name", () => {
  const AWS = "shop-assets.s3.eu-west-1.amazonaws.com";
  const ELSEWHERE = "https://elsewhere.example";

  it.each(["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])("in %s does not lead a receipt's target away", async (name) => {
    vi.stubEnv(name, ELSEWHERE);
    expect(hostOf()).toBe(AWS);
  });

  it("in a configuration file does not lead a receipt's target away", async () => {
    await using tree = await tempTree({ config: `[default]\nendpoint_url = ${ELSEWHERE}\n` });
    vi.stubEnv("AWS_CONFIG_FILE", `${tree.path}/config`);
    expect(hostOf()).toBe(AWS);
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

  it("is refused without the password that it may hold", async () => {
    await using tree = await tempTree({ config: "[default]\nendpoint_url = https://me:hunter2@elsewhere.example\n" });
    vi.stubEnv("AWS_CONFIG_FILE", `${tree.path}/config`);
    const put = s3Store(targetAt({ region: "eu-west-1" }), requestCounter()).put(putRequest("k", "x"));
    await expect(put).rejects.toThrow(/names the endpoint "\[secret\]@elsewhere\.example"/);
  });

  it("does not matter where the target names its own", async () => {
    await using double = await startS3Double({ buckets: ["shop-assets"] });
    vi.stubEnv("AWS_ENDPOINT_URL_S3", ELSEWHERE);
    const store = s3Store(targetAt({ endpoint: double.endpoint, pathStyle: true }), requestCounter());
    expect((await store.put(putRequest("k", "x"))).outcome).toBe("stored");
    store.close();
  });
});

describe("settings of the AWS configuration", () => {
  it("for region, FIPS and dual-stack are followed, variables before files", async () => {
    const settings = "region = eu-west-3\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n";
    await using tree = await tempTree({ config: `[profile there]\n${settings}` });
    vi.stubEnv("AWS_CONFIG_FILE", `${tree.path}/config`);
    vi.stubEnv("AWS_PROFILE", "there");
    const asked = connect(targetAt({}), requestCounter());
    expect(asked.address.host).toBe("shop-assets.s3-fips.dualstack.eu-west-3.amazonaws.com");
    expect(asked.region).toBe("eu-west-3");
    vi.stubEnv("AWS_USE_FIPS_ENDPOINT", "false");
    vi.stubEnv("AWS_REGION", "eu-west-1");
    const { address } = connect(targetAt({}), requestCounter());
    expect(address.host).toBe("shop-assets.s3.dualstack.eu-west-1.amazonaws.com");
  });

  it("that are neither true nor false are refused", () => {
    vi.stubEnv("AWS_USE_FIPS_ENDPOINT", "yes");
    expect(() => connect(targetAt({ region: "eu-west-1" }), requestCounter())).toThrow(
      expect.objectContaining({
        code: "ASSET_SYNC_OPTION_INVALID",
        exitCode: 2,
        message: expect.stringMatching(/"yes"/),
      }),
    );
  });

  it("come from a services section too, where an endpoint is refused", async () => {
    const config = "[default]\nservices = own\n[services own]\ns3 =\n  endpoint_url = https://elsewhere.example\n";
    await using tree = await tempTree({ config });
    vi.stubEnv("AWS_CONFIG_FILE", `${tree.path}/config`);
    expect(() => connect(targetAt({ region: "eu-west-1" }), requestCounter())).toThrow(/elsewhere\.example/);
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
