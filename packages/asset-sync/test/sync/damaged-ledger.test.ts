import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { isPinned, LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { compareKeys } from "../../src/store/key-order.ts";
import { keyRanges } from "../../src/sync/key-ranges.ts";
import { STORED_AT_MOST } from "../../src/sync/ledger-access.ts";
import { pin } from "../../src/sync/pin.ts";
import { releases } from "../../src/sync/releases.ts";
import { plan, sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { BUCKET, BUILD, manyFiles, syncFixture, syncWithEvents, type SyncFixture } from "./fixture.ts";

const N = Object.keys(BUILD).length;
const FINGERPRINTED = 3;

function damage(world: SyncFixture, change: (body: Buffer) => Buffer): Buffer {
  const objects = world.double.objects(BUCKET);
  const body = change(objects.get(`pre/${LEDGER_KEY}`)?.body ?? Buffer.alloc(0));
  objects.set(`pre/${LEDGER_KEY}`, { body, etag: createHash("md5").update(body).digest("hex"), headers: {} });
  return body;
}

const asides = (world: SyncFixture): readonly string[] =>
  world.keys().filter((key) => key.startsWith(".asset-sync/ledger-damaged-"));

describe("a damaged ledger", () => {
  it.each<[string, (body: Buffer) => Buffer]>([
    ["cut off", (body) => body.subarray(0, body.length / 2)],
    ["empty", () => Buffer.alloc(0)],
    ["not packed", () => Buffer.from("<html>502 Bad Gateway</html>")],
    ["packed, but no JSON", () => zstdCompressSync("{")],
    ["JSON of another kind", () => zstdCompressSync('{"assets":[]}')],
    ["with a changed bit", (body) => Buffer.concat([body.subarray(0, -9), Buffer.of(1), body.subarray(-8)])],
    ["a bomb", () => zstdCompressSync(Buffer.alloc(300 * 2 ** 20))],
  ])("that is %s is set aside, made anew from a listing, and nothing is lost or sent again", async (_, change) => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    const body = damage(world, change);
    const stored = new Map(world.double.objects(BUCKET));
    world.requests();
    const events = await syncWithEvents(world.options({ release: "v2" }));
    const [aside = ""] = asides(world);
    expect(world.double.objects(BUCKET).get(`pre/${aside}`)?.body).toEqual(body);
    expect(events.flatMap(({ type }) => (type.startsWith("ledger") ? [type] : []))).toEqual([
      "ledger-set-aside",
      "ledger-rebuilt",
      "ledger-read",
      "ledger-written",
    ]);
    const requests = world.requests();
    expect(requests.filter((line) => line === "GET ").length).toBe(1);
    expect(requests.filter((line) => line.startsWith("HEAD")).length).toBe(FINGERPRINTED);
    expect(requests.filter((line) => /^PUT .*-[0-9a-f]{8}\./.test(line))).toEqual([]);
    for (const [key, object] of stored) {
      const same = key === `pre/${LEDGER_KEY}` || world.double.objects(BUCKET).get(key)?.body.equals(object.body);
      expect([key, same]).toEqual([key, true]);
    }
    expect([...world.ledger().files.keys()].toSorted()).toEqual(Object.keys(BUILD).toSorted());
    expect(await verify({ receipt })).toMatchObject({ holds: true });
    world.requests();
    expect((await sync(world.options({ release: "v2" }))).requests.total).toBe(1);
  });

  it("leaves what no build names pinned in a release of its own, until a person lets go of it", async () => {
    await using world = await syncFixture({ ...BUILD, ...manyFiles(5) });
    await sync(world.options());
    await rm(join(world.tree.path, "assets/file-1a000003.js"));
    damage(world, () => Buffer.from("damaged"));
    await sync(world.options({ release: "v2" }));
    const rebuilt = [...world.ledger().releases].find(([id]) => id.startsWith("rebuilt-"));
    expect(rebuilt?.[1].keys).toContain("assets/file-1a000003.js");
    expect(rebuilt === undefined ? undefined : isPinned(rebuilt[1])).toBe(true);
    await pin(world.options().target, { release: rebuilt?.[0] ?? "", pinned: false });
    expect((await releases(world.options().target)).map(({ pinned }) => pinned)).toEqual([false, false]);
  });

  it("takes nothing outside of the asset folders into the new one, however the bucket is filled", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    const foreign = { body: Buffer.from("x"), etag: "e", headers: {} };
    for (const key of ["pre/uploads/cat.png", "pre/assets-old/a.js", "assets/b.js", "pre/robots.txt"]) {
      world.double.objects(BUCKET).set(key, foreign);
    }
    damage(world, () => Buffer.from("damaged"));
    await sync(world.options());
    expect([...world.ledger().files.keys()].toSorted()).toEqual(Object.keys(BUILD).toSorted());
  });

  it("takes nothing that is no key into the new one, which is read again", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    const empty = { body: Buffer.alloc(0), etag: "e", headers: {} };
    for (const key of ["assets/", "assets//x.js", "assets/../x.js", "assets/old/"]) {
      world.double.objects(BUCKET).set(`pre/${key}`, empty);
    }
    damage(world, () => Buffer.from("damaged"));
    await sync(world.options());
    expect([...world.ledger().files.keys()].toSorted()).toEqual(Object.keys(BUILD).toSorted());
  });

  it("takes nothing of another target below it into the new one", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    const foreign = { body: Buffer.from("x"), etag: "e", headers: {} };
    for (const key of [`live/${LEDGER_KEY}`, "live/assets/a.js", ".asset-sync/headers/b"]) {
      world.double.objects(BUCKET).set(`pre/assets/${key}`, foreign);
    }
    damage(world, () => Buffer.from("damaged"));
    await sync(world.options());
    expect([...world.ledger().files.keys()].toSorted()).toEqual(Object.keys(BUILD).toSorted());
  });

  it("lets an old release start: its objects are looked at, one request each", async () => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    damage(world, () => Buffer.from("damaged"));
    const told = await verify({ receipt });
    expect(told).toMatchObject({ holds: true, ledger: "damaged", requests: { get: 1, head: N, total: N + 1 } });
    world.double.objects(BUCKET).delete("pre/assets/logo-00ff00ff.svg");
    expect(await verify({ receipt })).toMatchObject({ holds: false, missing: ["assets/logo-00ff00ff.svg"] });
  });

  it("is reported, and left as it is, by whatever does not write", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    damage(world, () => Buffer.from("damaged"));
    const refused = { code: "ASSET_SYNC_LEDGER_DAMAGED", hint: expect.stringContaining("next sync") };
    await expect(plan(world.options())).rejects.toMatchObject(refused);
    await expect(releases(world.options().target)).rejects.toMatchObject(refused);
    expect(asides(world)).toEqual([]);
  });

  it("is rebuilt by two builds at once to one ledger that has both", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    damage(world, () => Buffer.from("damaged"));
    const receipt = (name: string): string => `${world.tree.path}/${name}.json`;
    await Promise.all(["va", "vb"].map((release) => sync(world.options({ release, receipt: receipt(release) }))));
    expect(asides(world).length).toBe(1);
    const ids = [...world.ledger().releases.keys()].map((id) => id.replace(/^rebuilt-.*/, "rebuilt"));
    expect(ids.toSorted()).toEqual(["rebuilt", "va", "vb"]);
  });

  it("that is no ledger at all, but too large to hold, is not read and not touched", async () => {
    await using world = await syncFixture();
    const body = Buffer.alloc(STORED_AT_MOST + 1);
    world.double.objects(BUCKET).set(`pre/${LEDGER_KEY}`, { body, etag: "large", headers: {} });
    await expect(sync(world.options())).rejects.toMatchObject({
      code: "ASSET_SYNC_LEDGER_DAMAGED",
      message: expect.stringContaining(`${STORED_AT_MOST + 1} bytes`),
      hint: expect.stringContaining("move the object away"),
    });
    expect(world.keys()).toEqual([]);
  });
});

describe("a ledger of a newer format", () => {
  it("is refused and left as it is: an older program must not fork what a newer one keeps", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    const body = damage(world, () => zstdCompressSync('{"format":"slipway-ledger/2"}'));
    await expect(sync(world.options({ release: "v2" }))).rejects.toMatchObject({ code: "ASSET_SYNC_LEDGER_UNKNOWN" });
    expect(world.double.objects(BUCKET).get(`pre/${LEDGER_KEY}`)?.body).toEqual(body);
  });
});

describe("the ranges of a listing", () => {
  it("hold each key of the folder exactly once, and no other, wherever they are split", () => {
    const names = fc.uniqueArray(fc.string({ unit: "grapheme", minLength: 1, maxLength: 4 }), { maxLength: 40 });
    fc.assert(
      fc.property(names, names, fc.integer({ min: 1, max: 400 }), (there, local, times) => {
        const likely = Array.from({ length: times }, () => local.map((name) => `assets/${name}`)).flat();
        const ranges = keyRanges("assets", likely);
        for (const key of there.map((name) => `assets/${name}`)) {
          const holding = ranges.filter(
            ({ after, upTo }) =>
              (after === undefined || compareKeys(key, after) > 0) &&
              (upTo === undefined || compareKeys(key, upTo) <= 0),
          );
          expect(holding.length).toBe(1);
        }
        expect(ranges.every(({ prefix }) => prefix === "assets/")).toBe(true);
      }),
    );
  });
});
