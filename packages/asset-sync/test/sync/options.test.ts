import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { resolveOptions, type SyncOptions } from "../../src/config/options.ts";
import { optionsDigest } from "../../src/config/object-options.ts";
import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { plan, sync } from "../../src/sync/sync.ts";
import { BUCKET, BUILD, syncFixture } from "./fixture.ts";

const N = Object.keys(BUILD).length;
const PUBLIC = { acl: "public-read", tag: ["app=shop"] } as const;

describe("what objects get beside bytes and headers", () => {
  it("changes in place what a release before was sent with, and is asked for once", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    expect([...world.ledger().files.values()].filter(({ options }) => options !== undefined)).toEqual([]);
    const { copies, puts } = await plan(world.options(PUBLIC));
    expect(puts).toEqual([]);
    expect(copies.map(({ reason }) => reason)).toEqual(Array.from({ length: N }, () => "changed options"));
    world.requests();
    expect((await sync(world.options({ ...PUBLIC, release: "v2" }))).requests).toMatchObject({ total: N + 2, copy: N });
    expect(world.double.objects(BUCKET).get("pre/assets/robots.txt")?.acl).toBe("public-read");
    world.requests();
    await sync(world.options({ ...PUBLIC, release: "v2" }));
    expect(world.requests()).toEqual([`GET ${LEDGER_KEY}`]);
    expect((await sync(world.options({ release: "v3" }))).copied).toBe(N);
    expect(world.double.objects(BUCKET).get("pre/assets/robots.txt")?.acl).toBeUndefined();
  });

  it("is not believed of a file that somebody else had put there, whatever that had been given", async () => {
    await using world = await syncFixture();
    const other = world.options(PUBLIC);
    await sync(world.options());
    world.double.objects(BUCKET).delete(`pre/${LEDGER_KEY}`);
    const first = await sync(other);
    expect(first).toMatchObject({ copied: 0 });
    const rows = world.ledger().files;
    expect(rows.get("assets/logo-00ff00ff.svg")?.options).toBeUndefined();
    expect(rows.get("assets/robots.txt")?.options).toBe(optionsDigest(other.objects));
    expect((await sync(other)).copied).toBe(3);
    expect(world.double.objects(BUCKET).get("pre/assets/logo-00ff00ff.svg")?.acl).toBe("public-read");
  });
});

async function digestOf(words: object): Promise<string | undefined> {
  await using tree = await tempTree(BUILD);
  const made: SyncOptions = resolveOptions(tree.path, { to: `s3://${BUCKET}`, release: "v1", ...words }, {}, tree.path);
  return optionsDigest(made.objects);
}

describe("the digest of what objects get", () => {
  it("is none for nothing, and another for each option and value, in whatever order tags are named", async () => {
    expect(await digestOf({})).toBeUndefined();
    const words = [
      { acl: "public-read" },
      { acl: "private" },
      { storageClass: "STANDARD_IA" },
      { tag: ["a=1"] },
      { tag: ["a=1", "b=2"] },
      { sse: "AES256" },
      { sse: "aws:kms" },
      { sse: "aws:kms", sseKmsKeyId: "alias/shop" },
    ];
    const digests = await Promise.all(words.map((one) => digestOf(one)));
    expect(new Set(digests).size).toBe(words.length);
    for (const one of digests) expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(await digestOf({ tag: ["b=2", "a=1"] })).toBe(digests[4]);
  });
});
