import { join } from "node:path";

import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { lookUpServices, serviceVariable, tempTree } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { readGemConfig } from "../../../src/config/gem-file.ts";
import { resolveOptions } from "../../../src/config/options.ts";
import { sync } from "../../../src/sync/sync.ts";
import { serviceCredentials, testBucket } from "../../store/test-bucket.ts";
import { gemFixtures } from "./gem-fixtures.ts";
import files from "./recorded-files.json" with { type: "json" };
import recorded from "./recorded.json" with { type: "json" };

type Headers = Readonly<Record<string, string | number | undefined>>;

/** Where the README says that we differ, and why; what no row explains has to be the same. */
const DIFFERENCES: readonly {
  readonly what: string;
  readonly explains: (header: string, theirs: string | undefined, ours: string | undefined) => boolean;
}[] = [
  {
    what: "text types have a charset, and no file is without a type",
    explains: (header, theirs = "", ours = "") =>
      header === "content-type" && (theirs === "" || ours === `${theirs}; charset=utf-8`),
  },
  {
    what: "scripts are text/javascript (RFC 9239)",
    explains: (_, theirs, ours) => theirs === "application/javascript" && ours === "text/javascript; charset=utf-8",
  },
  {
    what: "a year has 365 days, and what never changes is immutable",
    explains: (_, theirs, ours) =>
      theirs === "public, max-age=31557600" && ours === "public, max-age=31536000, immutable",
  },
  {
    what: "every file says how it is cached: fingerprints of all build tools are known, others are asked for again",
    explains: (header, theirs, ours) => header === "cache-control" && theirs === undefined && ours !== undefined,
  },
];

const FIXTURES = gemFixtures().filter(({ name }) => name.startsWith("recorded-"));
const RECORDED: Readonly<Record<string, Readonly<Record<string, Headers>>>> = recorded.fixtures;

const services = lookUpServices("s3");

describe.skipIf(!services.available)(`beside the gem on the S3 service ${services.reason}`, () => {
  beforeEach(() => {
    for (const [name, value] of Object.entries(serviceCredentials())) vi.stubEnv(name, value);
  });
  afterEach(() => vi.unstubAllEnvs());

  it(`was recorded of asset_sync ${recorded.gems.asset_sync} for each of 12 fixtures`, () => {
    expect(FIXTURES.map(({ name }) => name)).toEqual(Object.keys(RECORDED));
    expect(FIXTURES).toHaveLength(12);
  });

  it.each(FIXTURES)("is what a sync writes, but for what is documented: $name", async ({ name, file }) => {
    await using bucket = await testBucket();
    await using tree = await tempTree(
      Object.fromEntries(Object.entries(files).map(([key, text]) => [`public/${key}`, text])),
    );
    const { hostname, port } = new URL(serviceVariable("TEST_S3_ENDPOINT"));
    const environment = {
      RAILS_ENV: "production",
      FOG_DIRECTORY: bucket.name,
      FOG_HOST: hostname,
      FOG_PORT: port,
      ...serviceCredentials(),
    };
    const { config } = await readGemConfig(file, environment);
    await sync(resolveOptions(join(tree.path, "public"), { file: config, release: "v1" }, {}, tree.path));
    const theirs = RECORDED[name] ?? {};
    const keys = (await bucket.keys()).filter((key) => !key.startsWith(".asset-sync/"));
    // Manifests go up too, last.
    expect(keys.filter((key) => !key.endsWith(".manifest.json"))).toEqual(Object.keys(theirs));
    const different: string[] = [];
    for (const [key, known] of Object.entries(theirs)) {
      const head = await bucket.client.send(new HeadObjectCommand({ Bucket: bucket.name, Key: key }));
      expect([key, head.ContentLength]).toEqual([key, known["size"]]);
      const ours: Headers = {
        "cache-control": head.CacheControl,
        "content-disposition": head.ContentDisposition,
        "content-encoding": head.ContentEncoding,
        "content-language": head.ContentLanguage,
        "content-type": head.ContentType,
      };
      for (const [header, value] of Object.entries(ours)) {
        const said = known[header]?.toString();
        const isKnown = said === value || DIFFERENCES.some(({ explains }) => explains(header, said, value?.toString()));
        if (!isKnown) different.push(`${key} ${header}: ${said} is ${value}`);
      }
    }
    expect(different).toEqual([]);
  });
});
