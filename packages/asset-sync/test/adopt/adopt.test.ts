import { gzipSync } from "node:zlib";

import type { DoubleObject } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { adopt } from "../../src/adopt/adopt.ts";
import { headerFaults } from "../../src/adopt/header-faults.ts";
import { EMPTY_LEDGER, isPinned, LEDGER_KEY, UNKNOWN_DIGEST } from "../../src/ledger/ledger.ts";
import { objectHeaders } from "../../src/scan/headers.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { BUCKET, BUILD, syncFixture } from "../sync/fixture.ts";
import { adoptionOf, fill, gemObject, ledgerObject, YEAR } from "./gem-bucket.ts";

/** The bucket of a team that used the gem, with one fault of each kind. */
const GEM_BUCKET: Readonly<Record<string, DoubleObject>> = {
  "assets/application-1f3c9a2b.js": gemObject("console.log(1)", { ...YEAR, "content-type": "application/javascript" }),
  "assets/application-0a1b2c3d.css": gemObject("body{}", { "content-type": "text/css; charset=utf-8" }),
  "assets/logo-00ff00ff.svg": gemObject("<svg/>", { ...YEAR, "content-type": "binary/octet-stream" }),
  "assets/robots.txt": gemObject("User-agent: *", { ...YEAR, "content-type": "text/plain; charset=utf-8" }),
  "assets/packed-1a2b3c4d.js": gemObject(gzipSync("x"), {
    ...YEAR,
    "content-type": "text/javascript; charset=utf-8",
    "content-encoding": "gzip",
  }),
  "assets/open-1a2b3c4e.png": gemObject("png", { ...YEAR, "content-type": "image/png" }, "public-read"),
  "assets/fine-1a2b3c4f.png": gemObject("png", { ...YEAR, "content-type": "image/png" }),
};

const FAULTS = [
  ["assets/application-0a1b2c3d.css", "missing cache header"],
  ["assets/application-1f3c9a2b.js", "missing charset"],
  ["assets/logo-00ff00ff.svg", "wrong type"],
  ["assets/open-1a2b3c4e.png", "public ACL"],
  ["assets/packed-1a2b3c4d.js", "packed in place"],
  ["assets/robots.txt", "long cache time"],
];

describe("taking over a bucket", () => {
  it("reports what is wrong with each object and writes nothing unless it is told to", async () => {
    await using world = await syncFixture();
    fill(world, { ...GEM_BUCKET, "assets-old/x.js": gemObject("x", {}) });
    const summary = await adopt(adoptionOf(world));
    expect(summary.faults.map(({ key, fault }) => [key, fault])).toEqual(FAULTS);
    expect(summary).toMatchObject({ objects: 7, adopted: 7, fixed: 0, written: false });
    expect(world.double.log.filter(({ method }) => method !== "GET" && method !== "HEAD")).toEqual([]);
    expect(world.double.log.some(({ key }) => key.includes("assets-old"))).toBe(false);
  });

  it("finds the folders of all that Rails builds with unless some are named, and no others", async () => {
    await using world = await syncFixture();
    const build = [
      "assets/a.png",
      "packs/b.png",
      "packs-test/c.png",
      "vite/d.png",
      "vite-dev/e.png",
      "vite-test/f/g.png",
    ];
    const others = ["packs-x.png", "assets-old/h.png", "vitest/i.png", "packsaver/j.png", "uploads/k.png"];
    fill(world, Object.fromEntries([...build, ...others].map((key) => [key, gemObject(key, {})])));
    const { folders: _, ...options } = adoptionOf(world, { write: true });
    expect(await adopt(options)).toMatchObject({ objects: build.length });
    expect([...world.ledger().files.keys()].toSorted()).toEqual(build.toSorted());
    expect(await adopt({ ...options, folders: ["packs-test"] })).toMatchObject({ objects: 1 });
  });

  it("records what is there in one pinned release, and never twice", async () => {
    await using world = await syncFixture();
    fill(world, GEM_BUCKET);
    await adopt(adoptionOf(world, { write: true }));
    const { files, releases } = world.ledger();
    expect([...files.keys()].toSorted()).toEqual(Object.keys(GEM_BUCKET).toSorted());
    expect([...releases.values()].map((release) => [release.keys.length, isPinned(release)])).toEqual([[7, true]]);
    expect(await adopt(adoptionOf(world, { write: true }))).toMatchObject({ adopted: 0 });
    expect(world.ledger().releases.size).toBe(1);
  });

  it("with --fix gives objects the headers of a sync and keeps their bytes", async () => {
    await using world = await syncFixture();
    fill(world, GEM_BUCKET);
    const summary = await adopt(adoptionOf(world, { fix: true }));
    expect(summary).toMatchObject({ fixed: 4 });
    const again = await adopt(adoptionOf(world));
    expect(again.faults.map(({ fault }) => fault)).toEqual(["public ACL", "packed in place"]);
    for (const [key, { body }] of Object.entries(GEM_BUCKET)) {
      expect(world.double.objects(BUCKET).get(`pre/${key}`)?.body.equals(body)).toBe(true);
    }
  });

  it("makes nothing private that is public, unless an ACL is given", async () => {
    await using world = await syncFixture();
    const key = "assets/open-1a2b3c4e.svg";
    fill(world, { [key]: gemObject("<svg/>", { ...YEAR, "content-type": "text/html" }, "public-read") });
    expect(await adopt(adoptionOf(world, { fix: true }))).toMatchObject({ fixed: 0 });
    expect(world.double.objects(BUCKET).get(`pre/${key}`)?.acl).toBe("public-read");
    expect(await adopt(adoptionOf(world, { fix: true, objects: { acl: "private" } }))).toMatchObject({ fixed: 1 });
    expect((await adopt(adoptionOf(world))).faults).toEqual([]);
  });

  it("finds no fault in what is public where it is to be, and repairs it once", async () => {
    await using world = await syncFixture();
    const key = "assets/open-1a2b3c4e.svg";
    fill(world, { [key]: gemObject("<svg/>", { ...YEAR, "content-type": "text/html" }, "public-read") });
    const options = adoptionOf(world, { fix: true, objects: { acl: "public-read" } });
    expect(await adopt(options)).toMatchObject({ fixed: 1, faults: [{ key, fault: "wrong type" }] });
    expect(world.double.objects(BUCKET).get(`pre/${key}`)?.acl).toBe("public-read");
    expect(await adopt(options)).toMatchObject({ fixed: 0, faults: [] });
  });

  it("does not write over an object that has changed since it was looked at", async () => {
    await using world = await syncFixture();
    const key = "assets/logo-00ff00ff.svg";
    fill(world, { [key]: gemObject("<svg/>", { ...YEAR, "content-type": "text/html" }) });
    const newer = gemObject("<svg></svg>", { "content-type": "image/svg+xml; charset=utf-8", ...YEAR });
    world.double.fail({
      fault: { kind: "delay", milliseconds: 0 },
      matches: ({ headers }) => {
        if (headers["x-amz-copy-source"] !== undefined) fill(world, { [key]: newer });
        return false;
      },
    });
    expect(await adopt(adoptionOf(world, { fix: true }))).toMatchObject({ fixed: 0 });
    expect(world.double.objects(BUCKET).get(`pre/${key}`)).toEqual(newer);
  });
});

describe("taking over beside syncs and collections", () => {
  const FILES = ["assets/one-1f3c9a2b.png", "assets/two-1f3c9a2c.png"] as const;
  const png = gemObject("png", { ...YEAR, "content-type": "image/png" });

  it("pins what a sync has recorded before", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    fill(world, { [FILES[0]]: png });
    await adopt(adoptionOf(world, { write: true }));
    const { files, releases } = world.ledger();
    const pinned = [...releases.values()].filter(isPinned).map(({ keys }) => keys);
    expect(pinned).toEqual([[...Object.keys(BUILD), FILES[0]].toSorted()]);
    expect([...files.keys()].toSorted()).toEqual(pinned[0]);
    expect([...files.values()].filter(({ sha256 }) => sha256 === UNKNOWN_DIGEST).length).toBe(1);
    expect(await adopt(adoptionOf(world, { write: true }))).toMatchObject({ adopted: 0 });
  });

  it("pins what a sync has recorded even when there is nothing else", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    const n = Object.keys(BUILD).length;
    expect(await adopt(adoptionOf(world, { write: true }))).toMatchObject({ objects: n, adopted: n });
    expect([...world.ledger().releases.values()].filter(isPinned).length).toBe(1);
    expect(await verify({ receipt: world.options().receipt })).toMatchObject({ holds: true });
  });

  it("names what no sync has put there, and leaves it alone", async () => {
    await using world = await syncFixture();
    const strange = ["assets/", "assets//x.js", "assets/../x.js", "assets/old/"];
    fill(world, { ...Object.fromEntries(strange.map((key) => [key, gemObject("", {})])), [FILES[0]]: png });
    const summary = await adopt(adoptionOf(world, { fix: true }));
    expect(summary).toMatchObject({ objects: 1, adopted: 1, faults: [] });
    expect(summary.skipped.map(({ key }) => key).toSorted()).toEqual(strange.toSorted());
    expect(new Set(summary.skipped.map(({ reason }) => reason))).toEqual(new Set(["no key"]));
    expect([...world.ledger().files.keys()]).toEqual([FILES[0]]);
  });

  it.each([
    ["leaves out what a collection is deleting", 1000, [FILES[1]], [{ key: FILES[0], reason: "being deleted" }]],
    ["takes what a collection can delete no more", -1, FILES, []],
  ])("%s", async (_, seconds, recorded, skipped) => {
    await using world = await syncFixture();
    fill(world, { [FILES[0]]: png, [FILES[1]]: png });
    const until = Math.floor(Date.now() / 1000) + seconds;
    const claims = [{ revision: 1, keys: [FILES[0]], until }];
    fill(world, {
      [LEDGER_KEY]: await ledgerObject({ ...EMPTY_LEDGER, revision: 1, collection: { revision: 1, claims } }),
    });
    expect(await adopt(adoptionOf(world, { write: true }))).toMatchObject({ skipped, adopted: recorded.length });
    expect([...world.ledger().files.keys()]).toEqual(recorded);
    expect(world.ledger().collection?.claims).toEqual(claims);
  });

  it("looks again when the ledger was written by another: what a collection deleted meanwhile is not recorded", async () => {
    await using world = await syncFixture();
    fill(world, { [FILES[0]]: png, [FILES[1]]: png });
    const collection = { revision: 1, claims: [] };
    const collecting = await ledgerObject({ ...EMPTY_LEDGER, revision: 1, collection });
    let collected = false;
    world.double.fail({
      fault: { kind: "delay", milliseconds: 0 },
      matches: ({ method, key }) => {
        // Of the requests for an object the one for its ACL comes last.
        if (collected || method !== "GET" || !key.endsWith(FILES[0])) return false;
        collected = true;
        fill(world, { [LEDGER_KEY]: collecting });
        world.double.objects(BUCKET).delete(`pre/${FILES[0]}`);
        return false;
      },
    });
    expect(await adopt(adoptionOf(world, { write: true }))).toMatchObject({ objects: 1, adopted: 1 });
    expect(collected).toBe(true);
    expect([...world.ledger().files.keys()]).toEqual([FILES[1]]);
  });

  it("keeps the metadata, the language and the disposition of what it repairs", async () => {
    await using world = await syncFixture();
    const kept = { "content-disposition": "attachment", "content-language": "de", "x-amz-meta-owner": "shop team" };
    const [right, odd] = FILES;
    fill(world, {
      [right]: gemObject("png", { ...YEAR, "content-type": "text/html", ...kept }),
      [odd]: gemObject("png", { ...YEAR, "content-type": "text/html", "x-amz-meta-owner": "two  blanks" }),
    });
    const summary = await adopt(adoptionOf(world, { fix: true }));
    expect(summary).toMatchObject({ fixed: 1, faults: [{ key: right }, { key: odd }] });
    const headers = (key: string): unknown => world.double.objects(BUCKET).get(`pre/${key}`)?.headers;
    expect(headers(right)).toMatchObject({ ...kept, "content-type": "image/png" });
    expect(headers(odd)).toMatchObject({ "content-type": "text/html", "x-amz-meta-owner": "two  blanks" });
  });

  it.each(["/assets/", "/", ".", "..", "", "a/../..", ".asset-sync"])("refuses the folder %j", async (folder) => {
    await using world = await syncFixture();
    const refused = { code: "ASSET_SYNC_OPTION_INVALID" };
    await expect(adopt(adoptionOf(world, { folders: [folder] }))).rejects.toMatchObject(refused);
    expect(world.double.log).toEqual([]);
  });

  it.each([["assets/"], ["a/../assets"], ["./assets", "assets"]])(
    "takes %j for the folder that it is",
    async (...folders) => {
      await using world = await syncFixture();
      fill(world, { [FILES[0]]: png });
      expect(await adopt(adoptionOf(world, { folders }))).toMatchObject({ objects: 1 });
    },
  );
});

describe("the headers of an object that something else has put there", () => {
  const wanted = objectHeaders("assets/app-1f3c9a2b.js", "fingerprinted", false);

  it.each([
    ["an older name of JavaScript's type", { ...wanted, "content-type": "application/javascript; charset=UTF-8" }, []],
    ["a short time", { ...wanted, "cache-control": "public, max-age=3600" }, ["short cache time"]],
    ["no-cache", { ...wanted, "cache-control": "no-cache, max-age=31536000" }, ["short cache time"]],
    ["what a client left behind", { ...wanted, "content-encoding": "aws-chunked" }, []],
    ["an encoding", { ...wanted, "content-encoding": "br" }, ["packed in place"]],
    ["nothing at all", {}, ["wrong type", "missing cache header"]],
  ])("with %s", (_, stored, faults) => {
    expect(headerFaults(stored, wanted)).toEqual(faults);
  });

  it("of a sibling say how it is packed", () => {
    const sibling = objectHeaders("assets/app-1f3c9a2b.js.gz", "fingerprinted", true);
    expect(headerFaults(wanted, sibling)).toEqual(["missing encoding"]);
  });
});
