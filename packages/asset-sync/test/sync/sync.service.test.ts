import { GetObjectCommand, ListMultipartUploadsCommand, NoSuchKey, PutObjectCommand } from "@aws-sdk/client-s3";
import { lookUpServices, serviceVariable, startCountingProxy, tempTree } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { resolveOptions, type Flags, type SyncOptions } from "../../src/config/options.ts";
import { decodeLedger } from "../../src/ledger/format.ts";
import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { makeBundle } from "../cli/bundle.ts";
import { serviceCredentials, testBucket, type TestBucket } from "../store/test-bucket.ts";
import { raceBuilders } from "./builders.ts";
import { BUILD } from "./fixture.ts";
import { killRuns, leftovers, type KillTarget } from "./kill-runs.ts";

const services = lookUpServices("s3");
const N = Object.keys(BUILD).length;

describe.skipIf(!services.available)(`asset-sync on the real S3 ${services.reason}`, () => {
  beforeEach(() => {
    for (const [name, value] of Object.entries(serviceCredentials())) vi.stubEnv(name, value);
  });
  afterEach(() => vi.unstubAllEnvs());

  it("needs N+2, 1, 2, k+2 and 1 requests, counted by a proxy, with 200 foreign objects under the prefix", async () => {
    await using bucket = await testBucket();
    await using proxy = await startCountingProxy(serviceVariable("TEST_S3_ENDPOINT"));
    await using tree = await tempTree(BUILD);
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        bucket.client.send(new PutObjectCommand({ Bucket: bucket.name, Key: `pre/assets/foreign-${n}.js`, Body: "x" })),
      ),
    );
    const counted = async (work: () => Promise<unknown>): Promise<number> => {
      const before = proxy.log.length;
      await work();
      return proxy.log.length - before;
    };
    const options = (release: string): SyncOptions =>
      optionsOf(tree.path, { to: `s3://${bucket.name}/pre`, release, endpoint: proxy.endpoint });
    expect(await counted(() => sync(options("v1")))).toBe(N + 2);
    expect(await counted(() => sync(options("v1")))).toBe(1);
    expect(await counted(() => sync(options("v2")))).toBe(2);
    await tree.write({ "assets/robots.txt": "new", "assets/.manifest.json": "{}", "assets/extra-12ab34cd.css": "e" });
    expect(await counted(() => sync(options("v3")))).toBe(3 + 2);
    expect(await counted(() => verify({ receipt: options("v3").receipt }))).toBe(1);
  });

  it("stores bytes and headers as a browser needs them, with no chunked encoding", async () => {
    await using bucket = await testBucket();
    await using tree = await tempTree({ ...BUILD, "assets/application-0a1b2c3d.css.gz": "packed" });
    await sync(optionsOf(tree.path, { to: `s3://${bucket.name}`, release: "v1" }));
    const get = (key: string) => bucket.client.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
    const script = await get("assets/application-1f3c9a2b.js");
    expect(script).toMatchObject({
      ContentType: "text/javascript; charset=utf-8",
      CacheControl: "public, max-age=31536000, immutable",
    });
    expect(script.ContentEncoding).toBeUndefined();
    expect(await script.Body?.transformToString()).toBe("console.log(1)");
    const packed = await get("assets/application-0a1b2c3d.css.gz");
    expect(packed).toMatchObject({ ContentType: "text/css; charset=utf-8", ContentEncoding: "gzip" });
  });

  it("holds the union when 20 builders sync overlapping builds at once, 10 rounds", async () => {
    await using bundle = await makeBundle();
    await using bucket = await testBucket();
    const to = `s3://${bucket.name}/shop`;
    const stored = storedIn(bucket, "shop/");
    const failed = await raceBuilders({
      program: bundle.program,
      words: ["--to", to, "--endpoint", serviceVariable("TEST_S3_ENDPOINT"), "--path-style"],
      env: { AWS_REGION: serviceVariable("TEST_S3_REGION") },
      options: (folder, release) => optionsOf(folder, { to, release }),
      ledger: async () => decodeLedger((await stored(LEDGER_KEY)) ?? Buffer.alloc(0), LEDGER_KEY),
      stored: async (key) => (await stored(key)) ?? Buffer.alloc(0),
      keys: async () => {
        const keys = (await bucket.keys()).map((key) => key.replace("shop/", ""));
        return keys.filter((key) => key !== LEDGER_KEY);
      },
    });
    expect(failed).toEqual([]);
  });

  it("is right each time after programs were killed with SIGKILL and run again", async () => {
    await using bundle = await makeBundle();
    await using bucket = await testBucket();
    const lanes = Array.from({ length: 3 }, (_, lane) => killLane(bucket, `lane-${lane}`));
    const killed = await Promise.all(lanes.map((lane) => killRuns(bundle.program, lane, 10)));
    expect(killed.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(10);
    const { Uploads } = await bucket.client.send(new ListMultipartUploadsCommand({ Bucket: bucket.name }));
    expect(Uploads ?? []).toEqual([]);
    expect(leftovers(await bucket.keys())).toEqual([]);
  });
});

type Stored = (key: string) => Promise<Buffer | undefined>;

function storedIn({ client, name }: TestBucket, prefix: string): Stored {
  return async (key) => {
    const answer = await client
      .send(new GetObjectCommand({ Bucket: name, Key: `${prefix}${key}` }))
      .catch((error: unknown) => {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      });
    const bytes = await answer?.Body?.transformToByteArray();
    return bytes === undefined ? undefined : Buffer.from(bytes);
  };
}

function killLane(bucket: TestBucket, lane: string): KillTarget {
  const to = `s3://${bucket.name}/${lane}`;
  const stored = storedIn(bucket, `${lane}/`);
  return {
    words: ["--to", to, "--endpoint", serviceVariable("TEST_S3_ENDPOINT"), "--path-style"],
    env: { ...serviceCredentials(), AWS_REGION: serviceVariable("TEST_S3_REGION") },
    options: (tree, release) => optionsOf(tree.path, { to, release }),
    stored,
    ledger: async () => decodeLedger((await stored(LEDGER_KEY)) ?? Buffer.alloc(0), lane),
  };
}

function optionsOf(folder: string, flags: Flags): SyncOptions {
  const location = { endpoint: serviceVariable("TEST_S3_ENDPOINT"), region: serviceVariable("TEST_S3_REGION") };
  return resolveOptions(folder, { ...location, pathStyle: true, ...flags }, {}, folder);
}
