import { describe, expect, it } from "vitest";

import { adopt } from "../../src/adopt/adopt.ts";
import { collect } from "../../src/collect/collect.ts";
import { UNKNOWN_DIGEST } from "../../src/ledger/ledger.ts";
import { objectHeaders } from "../../src/scan/headers.ts";
import { sync } from "../../src/sync/sync.ts";
import { BUCKET, BUILD, syncFixture, type SyncFixture } from "../sync/fixture.ts";
import { adoptionOf, fill, gemObject, YEAR } from "./gem-bucket.ts";

const KEY = "assets/application-1f3c9a2b.js";

/** The files of a build, as the gem leaves them. */
function fillBuild(world: SyncFixture): void {
  const { "assets/.manifest.json": _, ...rest } = BUILD;
  const objects = Object.entries(rest).map(
    ([key, text]) => [key, gemObject(text, { ...YEAR, "content-type": "binary/octet-stream" })] as const,
  );
  fill(world, Object.fromEntries(objects));
}

describe("a sync after a bucket was taken over", () => {
  it("leaves nothing to be sent by a sync of the same files, once their headers are right", async () => {
    await using world = await syncFixture();
    const { "assets/.manifest.json": manifest = "", ...rest } = BUILD;
    fill(
      world,
      Object.fromEntries(
        Object.entries(rest).map(([key, text]) => [key, gemObject(text, { "content-type": "binary/octet-stream" })]),
      ),
    );
    expect(await adopt(adoptionOf(world, { fix: true }))).toMatchObject({ objects: 4, fixed: 4, adopted: 4 });
    world.requests();
    await sync(world.options());
    const sent = world.requests().filter((request) => request.startsWith("PUT assets/"));
    expect(manifest).not.toBe("");
    expect(sent).toEqual(["PUT assets/.manifest.json"]);
  });

  it("without repair lets a sync find by their MD5 the fingerprinted files that are there", async () => {
    await using world = await syncFixture();
    const key = "assets/application-1f3c9a2b.js";
    const headers = objectHeaders(key, "fingerprinted", false);
    fill(world, { [key]: gemObject("console.log(1)", headers) });
    await adopt(adoptionOf(world, { write: true }));
    expect(world.ledger().files.get(key)?.sha256).toBe(UNKNOWN_DIGEST);
    world.requests();
    await sync(world.options());
    expect(world.requests()).toContain(`HEAD ${key}`);
    expect(world.ledger().files.get(key)?.sha256).not.toBe(UNKNOWN_DIGEST);
  });

  it.each([false, true])(
    "with the ledger first and the headers later sends nothing either (lost race: %s)",
    async (raced) => {
      await using world = await syncFixture();
      fillBuild(world);
      await adopt(adoptionOf(world, { write: true }));
      if (raced) {
        const fault = { kind: "answer", status: 412, code: "PreconditionFailed" } as const;
        world.double.fail({
          fault,
          times: 1,
          matches: ({ method, key }) => method === "PUT" && key.includes("ledger"),
        });
      }
      expect(await adopt(adoptionOf(world, { fix: true }))).toMatchObject({ fixed: 4, adopted: 0 });
      expect(world.ledger().files.get(KEY)?.headers).toEqual(objectHeaders(KEY, "fingerprinted", false));
      expect([...world.ledger().files.values()].filter(({ sha256 }) => sha256 === UNKNOWN_DIGEST)).toEqual([]);
      world.requests();
      expect(await sync(world.options())).toMatchObject({ uploaded: 1, copied: 0, unchanged: 4 });
      expect(world.requests().filter((request) => request.includes("assets/"))).toEqual(["PUT assets/.manifest.json"]);
    },
  );

  it("of which the ledger alone was written replaces headers in place, with the ACL that is named", async () => {
    await using world = await syncFixture();
    fillBuild(world);
    await adopt(adoptionOf(world, { write: true }));
    world.requests();
    expect(await sync(world.options({ acl: "public-read" }))).toMatchObject({ copied: 3, uploaded: 2 });
    expect(world.requests().filter((request) => request.endsWith(KEY))).toEqual([`HEAD ${KEY}`, `PUT ${KEY}`]);
    const stored = world.double.objects(BUCKET).get(`pre/${KEY}`);
    expect(stored?.acl).toBe("public-read");
    expect(stored?.headers).toMatchObject(objectHeaders(KEY, "fingerprinted", false));
  });

  it("can be collected from at once, and the release that is up stays known", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    fill(world, { "assets/old-1a2b3c4f.png": gemObject("png", { ...YEAR, "content-type": "image/png" }) });
    await adopt(adoptionOf(world, { write: true }));
    const { target } = world.options();
    const limits = { keep: 1, minAge: 0, maxDelete: 1000, runningFrom: [] };
    expect(await collect({ target, ...limits })).toMatchObject({ releases: 0, deleted: 0 });
    expect(world.ledger().releases.has("v1")).toBe(true);
  });

  it("that never was taken over replaces headers in place too", async () => {
    await using world = await syncFixture();
    fillBuild(world);
    expect(await sync(world.options())).toMatchObject({ copied: 3, uploaded: 2 });
    expect(world.double.objects(BUCKET).get(`pre/${KEY}`)?.headers).toMatchObject(
      objectHeaders(KEY, "fingerprinted", false),
    );
  });
});
