import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { lookUpServices, serviceVariable, startCountingProxy, tempTree } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { resolveOptions, type Flags, type SyncOptions } from "../../src/config/options.ts";
import { decodeLedger } from "../../src/ledger/format.ts";
import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { sha256 } from "../../src/scan/digest.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { makeBundle } from "../cli/bundle.ts";
import { serviceCredentials, testBucket } from "../store/test-bucket.ts";
import { BUILD, manyFiles } from "./fixture.ts";

const services = lookUpServices("s3");
const N = Object.keys(BUILD).length;
const BUILDERS = 20;
const ROUNDS = 3;

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

  it(`leaves the union when ${BUILDERS} processes sync overlapping builds at once, ${ROUNDS} rounds`, async () => {
    await using bundle = await makeBundle();
    await using bucket = await testBucket();
    await using trees = new AsyncDisposableStack();
    const built = await Promise.all(
      Array.from({ length: BUILDERS }, async (_, n) =>
        trees.use(
          await tempTree({
            ...manyFiles(15, n * 5),
            "assets/.manifest.json": `{"build":${n}}`,
            "assets/robots.txt": `# ${n}`,
          }),
        ),
      ),
    );
    const location = ["--endpoint", serviceVariable("TEST_S3_ENDPOINT"), "--path-style", "--quiet"];
    for (let round = 0; round < ROUNDS; round += 1) {
      const to = `s3://${bucket.name}/round-${round}`;
      const codes = await Promise.all(
        built.map(async (tree, n) => {
          const words = ["sync", tree.path, "--to", to, "--release", `v${n}`, ...location];
          const env = { ...process.env, AWS_REGION: serviceVariable("TEST_S3_REGION") };
          const [code] = await once(spawn(bundle.program, words, { stdio: "inherit", env }), "close");
          return code;
        }),
      );
      expect(codes).toEqual(codes.map(() => 0));
      for (const tree of built) {
        expect(await verify({ receipt: join(tree.path, ".asset-receipt.json") })).toMatchObject({
          holds: true,
          missing: [],
        });
      }
      const stored = async (key: string): Promise<Uint8Array> => {
        const place = { Bucket: bucket.name, Key: `round-${round}/${key}` };
        return (
          (await (await bucket.client.send(new GetObjectCommand(place))).Body?.transformToByteArray()) ?? Buffer.of()
        );
      };
      const { files } = decodeLedger(await stored(LEDGER_KEY), LEDGER_KEY);
      for (const key of ["assets/.manifest.json", "assets/robots.txt"]) {
        expect(files.get(key)?.sha256).toBe(sha256(Buffer.from(await stored(key))));
      }
    }
    const keys = await bucket.keys();
    expect(keys.length).toBe(ROUNDS * ((BUILDERS - 1) * 5 + 15 + 3));
  });
});

function optionsOf(folder: string, flags: Flags): SyncOptions {
  const location = { endpoint: serviceVariable("TEST_S3_ENDPOINT"), region: serviceVariable("TEST_S3_REGION") };
  return resolveOptions(folder, { ...location, pathStyle: true, ...flags }, {}, folder);
}
