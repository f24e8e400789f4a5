import { createHash } from "node:crypto";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { resolveOptions } from "../../src/config/options.ts";
import { encodeLedger } from "../../src/ledger/format.ts";
import { LEDGER_KEY, UNKNOWN_DIGEST } from "../../src/ledger/ledger.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { BUCKET, BUILD, syncFixture, type SyncFixture } from "../sync/fixture.ts";

const N = Object.keys(BUILD).length;
const SCRIPT = "assets/application-1f3c9a2b.js";
const PLAIN = "assets/robots.txt";

function place(world: SyncFixture, key: string, text: string, headers: Readonly<Record<string, string>> = {}): void {
  const body = Buffer.from(text);
  const etag = createHash("md5").update(body).digest("hex");
  world.double.objects(BUCKET).set(`pre/${key}`, { body, etag, headers });
}

describe("verify --deep", () => {
  it("looks at each object, one HEAD each besides the ledger", async () => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    expect(await verify({ receipt, deep: true })).toMatchObject({
      holds: true,
      faults: [],
      requests: { get: 1, head: N, total: N + 1 },
    });
  });

  it("names a key that was deleted behind the ledger's back", async () => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    world.double.objects(BUCKET).delete(`pre/${SCRIPT}`);
    expect(await verify({ receipt, deep: true })).toMatchObject({ holds: false, missing: [SCRIPT], different: [] });
    expect(await verify({ receipt })).toMatchObject({ holds: true });
  });

  it("reads bytes that somebody else has put there, and says that they are other ones", async () => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    place(world, SCRIPT, "console.log(2)");
    expect(await verify({ receipt, deep: true })).toMatchObject({ holds: false, missing: [], different: [SCRIPT] });
    place(world, SCRIPT, BUILD[SCRIPT] ?? "");
    expect((await verify({ receipt, deep: true })).different).toEqual([]);
  });

  it("does not believe a digest that was copied along with other bytes, where their number tells", async () => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    const headers = world.double.objects(BUCKET).get(`pre/${SCRIPT}`)?.headers;
    place(world, SCRIPT, "console.log('longer')", headers);
    expect(await verify({ receipt, deep: true })).toMatchObject({ holds: false, different: [SCRIPT] });
  });

  it("names a header that was changed behind the ledger's back", async () => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    const objects = world.double.objects(BUCKET);
    const script = objects.get(`pre/${SCRIPT}`);
    if (script === undefined) throw new Error("not stored");
    objects.set(`pre/${SCRIPT}`, { ...script, headers: { ...script.headers, "cache-control": "no-cache" } });
    expect(await verify({ receipt, deep: true })).toMatchObject({
      holds: false,
      faults: [
        { key: SCRIPT, what: "cache-control", found: "no-cache", expected: "public, max-age=31536000, immutable" },
      ],
    });
  });

  it("tells a plain file of a newer release from bytes that no release recorded", async () => {
    await using world = await syncFixture();
    const old = world.options({ receipt: join(world.tree.path, "old.json") });
    await sync(old);
    await world.tree.write({ [PLAIN]: "newer" });
    await sync(world.options({ release: "v2" }));
    expect(await verify({ receipt: old.receipt, deep: true })).toMatchObject({ holds: true, superseded: [PLAIN] });
    const headers = world.double.objects(BUCKET).get(`pre/${PLAIN}`)?.headers;
    place(world, PLAIN, "nobody's", { ...headers, "x-amz-meta-sha256": "" });
    const told = await verify({ receipt: old.receipt, deep: true });
    expect(told).toMatchObject({ holds: false, faults: [{ key: PLAIN, what: "bytes" }] });
  });

  it("works on a folder", async () => {
    await using tree = await tempTree(BUILD);
    const to = `file://${join(tree.path, "store")}`;
    const options = resolveOptions(tree.path, { to, release: "v1" }, {}, tree.path);
    await sync(options);
    expect(await verify({ receipt: options.receipt, deep: true })).toMatchObject({ holds: true, faults: [] });
    await tree.write({ [`store/${SCRIPT}`]: "changed" });
    expect(await verify({ receipt: options.receipt, deep: true })).toMatchObject({ holds: false, different: [SCRIPT] });
  });
});

describe("verify of a key of which the ledger cannot tell what is stored", () => {
  it("looks at that object alone", async () => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    const { files, ...ledger } = world.ledger();
    const row = files.get(SCRIPT);
    if (row === undefined) throw new Error("not in the ledger");
    const doubtful = { ...ledger, files: new Map(files).set(SCRIPT, { ...row, sha256: UNKNOWN_DIGEST }) };
    world.double
      .objects(BUCKET)
      .set(`pre/${LEDGER_KEY}`, { body: await encodeLedger(doubtful), etag: "doubt", headers: {} });
    world.requests();
    expect(await verify({ receipt })).toMatchObject({ holds: true });
    expect(world.requests()).toEqual([`GET ${LEDGER_KEY}`, `HEAD ${SCRIPT}`]);
    place(world, SCRIPT, "other");
    expect(await verify({ receipt })).toMatchObject({ holds: false, different: [SCRIPT] });
  });
});
