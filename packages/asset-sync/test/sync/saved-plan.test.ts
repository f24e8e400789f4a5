import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { readPlan, writePlan } from "../../src/sync/saved-plan.ts";
import { apply, plan, sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { BUILD, syncFixture, type SyncFixture } from "./fixture.ts";

async function keepPlan(world: SyncFixture): Promise<string> {
  const options = world.options();
  const file = join(world.tree.path, "plan.json");
  await writePlan(file, { options, plan: await plan(options) });
  return file;
}

describe("a plan that was kept", () => {
  it("is carried out as a sync would be, with its release and receipt", async () => {
    await using world = await syncFixture();
    const file = await keepPlan(world);
    expect(world.keys()).toEqual([]);
    const summary = await apply(await readPlan(file));
    expect(summary).toMatchObject({ release: "v1", uploaded: Object.keys(BUILD).length, dryRun: false });
    expect((await verify({ receipt: world.options().receipt })).holds).toBe(true);
  });

  it.each<[string, (world: SyncFixture) => Promise<unknown>, readonly RegExp[]]>([
    [
      "a file has other bytes",
      (world) => world.tree.write({ "assets/robots.txt": "Disallow: /" }),
      [/assets\/robots\.txt has changed: planned was put \(new\), now it is put \(new\)/],
    ],
    [
      "a file has come",
      (world) => world.tree.write({ "assets/more-0badcafe.js": "m" }),
      [/assets\/more-0badcafe\.js was not among the assets/],
    ],
    [
      "another build has written the ledger",
      (world) => sync(world.options({ release: "v0" })),
      [
        /ledger was version none and is \w+; releases since: v0/,
        /assets\/robots\.txt has changed: .*now it is nothing/,
      ],
    ],
  ])("is refused when %s since, and nothing is sent", async (_, change, reasons) => {
    await using world = await syncFixture();
    const saved = await readPlan(await keepPlan(world));
    await change(world);
    world.requests();
    const failure = await apply(saved).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "ASSET_SYNC_PLAN_STALE", exitCode: 3 });
    for (const reason of reasons) expect((failure as Error).message).toMatch(reason);
    expect(world.requests().filter((request) => !request.startsWith("GET"))).toEqual([]);
  });

  it("is refused when a file is gone", async () => {
    await using world = await syncFixture();
    const saved = await readPlan(await keepPlan(world));
    const now = { ...saved.plan, puts: saved.plan.puts.slice(1) };
    await expect(apply({ ...saved, plan: now })).rejects.toThrow(/was not among the assets/);
    const more = { ...saved.plan, unchanged: ["assets/gone.js"] };
    await expect(apply({ ...saved, plan: more })).rejects.toThrow(/assets\/gone\.js is no longer among the assets/);
  });

  it.each([
    "{",
    "null",
    "{}",
    '{"options":{},"plan":{"format":"slipway-plan/9"}}',
    '{"options":{"target":{}},"plan":{}}',
  ])("that reads %s is none", async (text) => {
    await using world = await syncFixture({});
    const file = join(world.tree.path, "plan.json");
    await writeFile(file, text);
    await expect(readPlan(file)).rejects.toMatchObject({ code: "ASSET_SYNC_PLAN_INVALID", exitCode: 2 });
  });

  it("is not put among the assets", async () => {
    await using world = await syncFixture();
    const options = world.options();
    const saved = { options, plan: await plan(options) };
    await expect(writePlan(join(world.tree.path, "assets/plan.json"), saved)).rejects.toMatchObject({
      code: "ASSET_SYNC_PLAN_INVALID",
      message: expect.stringContaining("upload it as assets/plan.json"),
    });
  });

  it("that cannot be written says so", async () => {
    await using world = await syncFixture();
    const options = world.options();
    const saved = { options, plan: await plan(options) };
    await expect(writePlan(join(world.tree.path, "no/folder/plan.json"), saved)).rejects.toThrow(/cannot be written/);
  });
});

describe("a limit for requests", () => {
  const needed = Object.keys(BUILD).length + 2;

  it("lets a plan pass that keeps it, and stops one that does not before anything is sent", async () => {
    await using world = await syncFixture();
    await expect(sync(world.options({ maxRequests: String(needed - 1) }))).rejects.toMatchObject({
      code: "ASSET_SYNC_TOO_MANY_REQUESTS",
      exitCode: 3,
      message: expect.stringContaining(`needs ${needed} requests (${needed - 2} files to send`),
    });
    expect(world.keys()).toEqual([]);
    const { requests } = await sync(world.options({ maxRequests: String(needed) }));
    expect(requests.total).toBe(needed);
    expect((await sync(world.options({ maxRequests: "1" }))).requests.total).toBe(1);
  });
});

describe("headers that changed", () => {
  it("are replaced in place: k of them need k copies and no body, k + 2 requests in all", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    world.requests();
    const header = ["*.css: Cache-Control=public, max-age=60", "*.txt: Content-Language=en"];
    const options = world.options({ release: "v2", header });
    expect((await plan(options)).copies.map(({ key }) => key)).toEqual([
      "assets/application-0a1b2c3d.css",
      "assets/robots.txt",
    ]);
    const summary = await sync(options);
    expect(summary).toMatchObject({ uploaded: 0, copied: 2, bytes: 0, requests: { copy: 2, total: 4 } });
    expect((await sync(options)).requests.total).toBe(1);
    const back = await sync(world.options({ release: "v3" }));
    expect(back).toMatchObject({ uploaded: 0, copied: 2 });
  });
});

describe("what others would have needed", () => {
  it("is computed from the files of the build and of the ledger", async () => {
    await using world = await syncFixture();
    const files = Object.keys(BUILD).length;
    expect((await sync(world.options())).peers).toEqual({ assetSync: files + 2, awsS3Sync: files + 1 });
    await world.tree.write({ "assets/more-0badcafe.js": "m" });
    expect((await sync(world.options({ release: "v2" }))).peers).toEqual({ assetSync: 3, awsS3Sync: files + 2 });
  });
});
