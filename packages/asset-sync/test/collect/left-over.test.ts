import { describe, expect, it, vi } from "vitest";

import { collect, planCollect } from "../../src/collect/collect.ts";
import type { CollectionEvent } from "../../src/events.ts";
import { sync } from "../../src/sync/sync.ts";
import { BUCKET } from "../sync/fixture.ts";
import { AT_ONCE, brokenKeys, build, collectWorld, failDeletes, ownKey, type CollectWorld } from "./collect-fixture.ts";

/** A target of four releases at which a collection of the first two was cut short. */
async function killedWorld(): Promise<CollectWorld> {
  const world = await collectWorld(4);
  failDeletes(world);
  await expect(world.collect()).rejects.toMatchObject({ code: "ASSET_SYNC_STORE_FAILED" });
  world.double.clearFaults();
  return world;
}

describe("what a killed collection has left", () => {
  it("counts for --max-delete, and for what is said to be planned", async () => {
    await using world = await killedWorld();
    const before = world.keys();
    await expect(world.collect({ maxDelete: 1 })).rejects.toMatchObject({
      code: "ASSET_SYNC_TOO_MANY_DELETES",
      message: expect.stringContaining("2 files of 6 (2 of them left over by an earlier collection)"),
    });
    expect(world.keys()).toEqual(before);
    const planned: unknown[] = [];
    const onEvent = (event: CollectionEvent): unknown => event.type === "collection-planned" && planned.push(event);
    const bytes = [1, 2].reduce((sum, n) => sum + sizeOf(world, ownKey(n)), 0);
    expect(await world.collect({ maxDelete: 2 }, { onEvent })).toMatchObject({ deleted: 2, bytes });
    expect(planned).toMatchObject([{ files: 2, left: 4, bytes }]);
    expect(world.keys()).not.toContain(ownKey(1));
  });

  it("is counted in bytes also in a folder of which the ledger names nothing else", async () => {
    await using world = await collectWorld(0);
    await world.release(1, { "packs/old-1f3c9a2b.js": "twelve bytes" });
    for (const n of [2, 3]) await world.release(n);
    failDeletes(world);
    await expect(world.collect()).rejects.toMatchObject({ code: "ASSET_SYNC_STORE_FAILED" });
    world.double.clearFaults();
    expect(await world.collect()).toMatchObject({ deleted: 1, bytes: 12 });
  });

  it("stays where a plan does not name it, and the ledger goes on naming it", async () => {
    await using world = await killedWorld();
    const options = { target: world.options().target, keep: 2, minAge: 0, maxDelete: 1000, runningFrom: [] };
    const { plan } = await planCollect(options);
    const [first, second] = [sizeOf(world, ownKey(1)), sizeOf(world, ownKey(2))];
    expect(plan).toMatchObject({ keys: [], leftOver: [ownKey(1), ownKey(2)], bytes: first + second });
    const none = { ...plan, leftOver: [] };
    expect((await planCollect(options, {}, none)).plan).toMatchObject({ leftOver: [], bytes: 0 });
    expect(await collect(options, {}, none)).toMatchObject({ deleted: 0 });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
    try {
      await collect(options, {}, { ...none, leftOver: [ownKey(1)] });
      expect(world.keys()).not.toContain(ownKey(1));
      expect(world.keys()).toContain(ownKey(2));
      expect(await collect(options)).toMatchObject({ deleted: 1 });
    } finally {
      vi.useRealTimers();
    }
    expect(world.keys()).not.toContain(ownKey(2));
    expect(world.ledger().collection?.claims).toEqual([]);
  });

  it.each([
    ["at once with --take-over", true, 1],
    ["without it only when none of its deletes can take effect any more", false, 3],
  ])("lets a build that needs it go on %s", async (_, takeOver, waits) => {
    await using world = await killedWorld();
    await world.tree.write(build(1));
    let waited = 0;
    const pause = async (milliseconds: number): Promise<void> => {
      waited += milliseconds === 1_000 ? 1 : 0;
      if (waited === 1) await world.collect({ takeOver });
      if (waited === 3) vi.setSystemTime(Date.now() + 1_300_000);
    };
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    try {
      await sync(world.options({ release: "v1" }), { patience: { pause } });
    } finally {
      vi.useRealTimers();
    }
    expect(waited).toBe(waits);
    expect(world.keys()).toContain(ownKey(1));
    expect(brokenKeys(world)).toEqual([]);
  });

  it("is ended by the plan that the killed collection carried out", async () => {
    await using world = await collectWorld(4);
    const options = { target: world.options().target, keep: 2, minAge: 0, maxDelete: 1000, runningFrom: [] };
    const { plan } = await planCollect(options);
    failDeletes(world);
    await expect(collect(options, { patience: AT_ONCE }, plan)).rejects.toMatchObject({
      code: "ASSET_SYNC_STORE_FAILED",
    });
    world.double.clearFaults();
    expect(await collect(options, { patience: AT_ONCE }, plan)).toMatchObject({ deleted: 2 });
  });
});

function sizeOf({ double }: CollectWorld, key: string): number {
  return double.objects(BUCKET).get(`pre/${key}`)?.body.length ?? Number.NaN;
}
