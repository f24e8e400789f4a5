import { afterEach, describe, expect, it, vi } from "vitest";

import { adopt } from "../../src/adopt/adopt.ts";
import { planCollect } from "../../src/collect/collect.ts";
import type { SyncEvent } from "../../src/events.ts";
import { report } from "../../src/report/report.ts";
import { sync } from "../../src/sync/sync.ts";
import { AT_ONCE, build, collectWorld, failDeletes, ownKey, type CollectWorld } from "./collect-fixture.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

afterEach(() => void vi.useRealTimers());

/** Turns this machine's clock, and not the endpoint's. */
function turnLocalClock(world: CollectWorld, milliseconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + milliseconds });
  world.double.turnClock(-milliseconds);
}

/** The endpoint's clock, which this process' real one is. */
const seconds = (): number => (performance.timeOrigin + performance.now()) / 1000;

/** All clocks go on. */
async function tenMinutes(): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 10 * 60_000 });
}

describe("a machine whose clock is days or minutes off", () => {
  it.each([8 * DAY, 10 * 60_000])("ahead by %d ms collects nothing too early", async (ahead) => {
    await using world = await collectWorld(4);
    turnLocalClock(world, ahead);
    const options = { target: world.options().target, keep: 1, maxDelete: 1000, runningFrom: [] };
    const minAge = (ahead - 60_000) / 1000;
    expect((await planCollect({ ...options, minAge })).plan).toMatchObject({ dropped: [], keys: [] });
    expect(await world.collect({ keep: 1, minAge })).toMatchObject({ releases: 0, deleted: 0 });
    const rules = { keep: 1, minAge, running: new Set<string>() };
    expect(await report(options.target, rules)).toMatchObject({ collectable: { files: 0 } });
  });

  it.each([-2 * DAY, 3 * HOUR])(
    "by %d ms records releases, and marks a collection, with the endpoint's time",
    async (off) => {
      await using world = await collectWorld(3);
      turnLocalClock(world, off);
      await world.release(4);
      const at = world.ledger().releases.get("v4")?.at ?? 0;
      expect(Math.abs(at - seconds())).toBeLessThan(60);
      failDeletes(world);
      await expect(world.collect()).rejects.toMatchObject({ code: "ASSET_SYNC_STORE_FAILED" });
      const until = world.ledger().collection?.claims[0]?.until ?? 0;
      expect(Math.abs(until - 1200 - seconds())).toBeLessThan(60);
    },
  );

  it("ahead by an hour waits for a collection all the same, as long as the endpoint's clock says", async () => {
    await using world = await collectWorld(4);
    failDeletes(world);
    await expect(world.collect()).rejects.toMatchObject({ code: "ASSET_SYNC_STORE_FAILED" });
    world.double.clearFaults();
    turnLocalClock(world, HOUR);
    await world.tree.write(build(1));
    const awaited: SyncEvent[] = [];
    const onEvent = (event: SyncEvent): unknown => event.type === "collection-awaited" && awaited.push(event);
    let waits = 0;
    const pause = async (milliseconds: number): Promise<void> => {
      // Other pauses are those before a request that is made again, signed by the endpoint's clock.
      waits += milliseconds === 1_000 ? 1 : 0;
      if (waits === 3) world.double.turnClock(-HOUR + 1_300_000);
    };
    await sync(world.options({ release: "v1" }), { onEvent, patience: { pause } });
    expect([awaited.length, waits]).toEqual([1, 3]);
    expect(world.keys()).toContain(ownKey(1));
  });

  it("ahead by an hour takes over nothing that a collection is deleting", async () => {
    await using world = await collectWorld(4);
    failDeletes(world);
    await expect(world.collect({}, { patience: AT_ONCE })).rejects.toMatchObject({ code: "ASSET_SYNC_STORE_FAILED" });
    world.double.clearFaults();
    turnLocalClock(world, HOUR);
    const { target, objects } = world.options();
    const options = { target, folders: ["assets"], fix: false, write: true, headers: [], objects };
    expect((await adopt(options)).skipped).toContainEqual({ key: ownKey(1), reason: "being deleted" });
  });

  it("that was suspended between two attempts of a delete makes no second one", async () => {
    await using world = await collectWorld(4);
    const fault = { kind: "answer", status: 500, code: "InternalError" } as const;
    world.double.fail({ fault, times: 1, matches: ({ method }) => method === "POST" });
    world.requests();
    const late = world.collect({}, { patience: { pause: tenMinutes } });
    await expect(late).rejects.toMatchObject({ message: expect.stringContaining("time ran out") });
    expect(world.requests().filter((request) => request.startsWith("POST"))).toHaveLength(1);
    expect(world.ledger().collection?.claims).toHaveLength(1);
  });

  it("makes no request more for it: the answers it gets tell the time", async () => {
    await using world = await collectWorld(4);
    turnLocalClock(world, 10 * 60_000);
    world.requests();
    await world.collect();
    expect(world.requests()).toHaveLength(6);
  });
});
