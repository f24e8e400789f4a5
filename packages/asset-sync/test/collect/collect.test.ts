import { tempTree } from "@slipway/testkit";
import { describe, expect, it, vi } from "vitest";

import { collect, planCollect } from "../../src/collect/collect.ts";
import type { RunningSource } from "../../src/collect/running-images.ts";
import type { SyncEvent } from "../../src/events.ts";
import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { pin } from "../../src/sync/pin.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { BUCKET } from "../sync/fixture.ts";
import { AT_ONCE, brokenKeys, build, collectWorld, failDeletes, ownKey } from "./collect-fixture.ts";

/** One task with these images. */
function runs(...images: readonly string[]): RunningSource {
  return () => Promise.resolve([{ name: "task", images }]);
}

describe("a collection", () => {
  it("deletes what only dropped releases need, in two reads, two writes, one listing and one delete", async () => {
    await using world = await collectWorld(4);
    world.requests();
    expect(await world.collect()).toMatchObject({ releases: 2, deleted: 2, left: 4 });
    expect(world.requests()).toEqual([
      `GET ${LEDGER_KEY}`,
      "GET ",
      `PUT ${LEDGER_KEY}`,
      "POST ",
      `GET ${LEDGER_KEY}`,
      `PUT ${LEDGER_KEY}`,
    ]);
    expect(world.keys().toSorted()).toEqual(
      [ownKey(3), ownKey(4), "assets/robots.txt", "assets/shared-1f3c9a2b.js"].toSorted(),
    );
    expect([...world.ledger().releases.keys()]).toEqual(["v3", "v4"]);
    expect(world.ledger().collection?.claims).toEqual([]);
    expect(brokenKeys(world)).toEqual([]);
  });

  it("writes nothing where there is nothing to do, on an empty target as well", async () => {
    await using world = await collectWorld(0);
    expect(await world.collect()).toMatchObject({ releases: 0, deleted: 0 });
    await world.release(1);
    world.requests();
    await world.collect();
    expect(world.requests()).toEqual([`GET ${LEDGER_KEY}`, "GET "]);
  });

  it("touches no key that the ledger does not name: neighbours, other prefixes, other tools' objects", async () => {
    await using world = await collectWorld(3);
    const objects = world.double.objects(BUCKET);
    const foreign = ["pre/assets-old/a.js", "pre/assets/of-another-tool.js", "pre-old/assets/b.js", "assets/c.js"];
    for (const key of foreign) objects.set(key, { body: Buffer.from("x"), etag: "e", headers: {} });
    await world.collect({ keep: 1 });
    expect(foreign.filter((key) => !objects.has(key))).toEqual([]);
  });

  it("keeps what is pinned, young or running", async () => {
    await using world = await collectWorld(4);
    await pin(world.options().target, { release: "v1", pinned: true });
    await world.collect({ keep: 1, runningFrom: [runs("datadog/agent:7", "registry.example/shop:v2")] });
    expect([...world.ledger().releases.keys()]).toEqual(["v1", "v2", "v4"]);
    await world.collect({ keep: 1, minAge: 3600 });
    expect([...world.ledger().releases.keys()]).toEqual(["v1", "v2", "v4"]);
  });

  it("rolled back: syncing an old release brings back what was deleted, and makes it the newest", async () => {
    await using world = await collectWorld(4);
    await world.collect({ keep: 1 });
    expect(world.keys()).not.toContain(ownKey(1));
    await world.release(1);
    expect(await verify({ receipt: world.options().receipt, deep: true })).toMatchObject({ holds: true, faults: [] });
    await world.collect({ keep: 1 });
    expect([...world.ledger().releases.keys()]).toEqual(["v1"]);
    expect(world.keys()).toContain(ownKey(1));
  });

  it("rolled back to a release that is still there, it counts as the newest from then on", async () => {
    await using world = await collectWorld(4);
    await world.release(2);
    await world.collect({ keep: 1 });
    expect([...world.ledger().releases.keys()]).toEqual(["v2"]);
    expect(brokenKeys(world)).toEqual([]);
  });

  it("refuses with nothing touched: too many deletes, all or none", async () => {
    await using world = await collectWorld(4);
    const before = world.keys();
    await expect(world.collect({ maxDelete: 1 })).rejects.toMatchObject({
      code: "ASSET_SYNC_TOO_MANY_DELETES",
      exitCode: 3,
      message: expect.stringContaining("2 files of 6"),
    });
    expect(world.keys()).toEqual(before);
    expect(world.ledger().releases.size).toBe(4);
    await world.collect({ maxDelete: 2 });
  });

  it.each(["gone", "of another size"])("refuses while a file of the newest release is %s, naming it", async (how) => {
    await using world = await collectWorld(4);
    const objects = world.double.objects(BUCKET);
    const key = `pre/${ownKey(4)}`;
    if (how === "gone") objects.delete(key);
    else objects.set(key, { body: Buffer.from("x"), etag: "e", headers: {} });
    await expect(world.collect()).rejects.toMatchObject({
      code: "ASSET_SYNC_COLLECTION_REFUSED",
      exitCode: 3,
      message: expect.stringContaining(ownKey(4)),
    });
    expect(world.ledger().releases.size).toBe(4);
  });

  it("refuses when something runs that no release is known of", async () => {
    await using world = await collectWorld(3);
    await expect(world.collect({ keep: 1, runningFrom: [runs("shop:v0")] })).rejects.toMatchObject({
      code: "ASSET_SYNC_RUNNING_UNKNOWN",
      exitCode: 3,
      message: expect.stringContaining("task: shop:v0"),
    });
    expect(world.ledger().releases.size).toBe(3);
  });

  it.each(["ignored", "unsupported"] as const)("refuses where conditions of writes are %s", async (conditions) => {
    await using world = await collectWorld(3, { conditions });
    await expect(world.collect({ keep: 1 })).rejects.toMatchObject({ code: "ASSET_SYNC_COLLECTION_REFUSED" });
    expect(world.keys()).toContain(ownKey(1));
  });

  it("deletes in requests of a thousand", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 2100 }, (_, n) => [`assets/old-${(0x2b000000 + n).toString(16)}.js`, `${n}`]),
    );
    await using world = await collectWorld(0);
    await world.release(1, many);
    await world.release(2);
    world.requests();
    expect(await world.collect({ keep: 1, maxDelete: 5000 })).toMatchObject({ deleted: 2100 });
    expect(world.requests().filter((line) => line === "POST ")).toHaveLength(3);
    expect(world.keys()).toHaveLength(3);
  });

  it("carries out no more than a plan that was looked at, and less where a build needs some of it again", async () => {
    await using world = await collectWorld(4);
    const options = { target: world.options().target, keep: 1, minAge: 0, maxDelete: 1000, runningFrom: [] };
    const { plan } = await planCollect(options);
    expect(plan.keys).toEqual([ownKey(1), ownKey(2), ownKey(3)]);
    await world.release(5);
    await world.release(2);
    await collect(options, { patience: AT_ONCE }, plan);
    expect(world.keys()).not.toContain(ownKey(1));
    expect(world.keys()).toEqual(expect.arrayContaining([ownKey(2), ownKey(4), ownKey(5)]));
    expect(brokenKeys(world)).toEqual([]);
  });
});

describe("objects that the store keeps", () => {
  it("are named, stay in the ledger's mark, and go with the next collection", async () => {
    let refused = true;
    const refusesDelete = (key: string): string | undefined =>
      refused && key.endsWith(ownKey(1)) ? "AccessDenied" : undefined;
    await using world = await collectWorld(4, { refusesDelete });
    await expect(world.collect()).rejects.toMatchObject({
      code: "ASSET_SYNC_DELETES_FAILED",
      exitCode: 1,
      message: expect.stringContaining(`${ownKey(1)}: AccessDenied`),
    });
    expect(world.ledger().collection?.claims).toMatchObject([{ keys: [ownKey(1)] }]);
    expect(world.keys()).not.toContain(ownKey(2));
    refused = false;
    expect(await world.collect()).toMatchObject({ deleted: 1 });
    expect(world.keys()).not.toContain(ownKey(1));
    expect(world.ledger().collection?.claims).toEqual([]);
  });

  it("for a reason that passes are asked again", async () => {
    let left = 2;
    const refusesDelete = (key: string): string | undefined =>
      key.endsWith(ownKey(1)) && left-- > 0 ? "InternalError" : undefined;
    await using world = await collectWorld(4, { refusesDelete });
    expect(await world.collect()).toMatchObject({ deleted: 2 });
    expect(world.keys()).not.toContain(ownKey(1));
  });
});

describe("a build that needs what is being deleted", () => {
  it("waits until the deletes are over, then sends it again: fingerprinted and plain files", async () => {
    await using world = await collectWorld(0);
    await world.release(1, { ...build(1), "assets/plain.txt": "of v1" });
    await world.release(2);
    await world.release(3);
    await using next = await tempTree({ ...build(1), "assets/plain.txt": "of v1" });
    const events: string[] = [];
    const awaited = Promise.withResolvers<void>();
    const onEvent = ({ type }: SyncEvent): void => {
      events.push(type);
      if (type === "collection-awaited") awaited.resolve();
    };
    let building: Promise<unknown> | undefined;
    world.double.fail({
      // The delete is on its way until the build has begun, and waits for it.
      fault: { kind: "held", until: awaited.promise },
      matches: ({ method }) => {
        if (method !== "POST" || building !== undefined) return false;
        const options = {
          ...world.options({ release: "v4" }),
          publicDir: next.path,
          receipt: `${next.path}/receipt.json`,
        };
        building = sync(options, { patience: AT_ONCE, onEvent });
        return true;
      },
    });
    await world.collect({ keep: 1 });
    await building;
    expect(events).toContain("collection-awaited");
    expect(world.keys()).toEqual(expect.arrayContaining([ownKey(1), "assets/plain.txt"]));
    expect(brokenKeys(world)).toEqual([]);
    expect(await verify({ receipt: `${next.path}/receipt.json`, deep: true })).toMatchObject({
      holds: true,
      faults: [],
    });
  });

  it("after a collection that was killed waits until none of its deletes can take effect", async () => {
    await using world = await collectWorld(4);
    failDeletes(world);
    await expect(world.collect()).rejects.toMatchObject({ code: "ASSET_SYNC_STORE_FAILED" });
    world.double.clearFaults();
    const until = world.ledger().collection?.claims[0]?.until ?? 0;
    expect(until - Date.now() / 1000).toBeGreaterThan(15 * 60);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    try {
      let waited = 0;
      const pause = async (): Promise<void> => {
        waited += 1;
        vi.setSystemTime(Date.now() + 60_000);
      };
      await world.tree.write(build(1));
      await sync(world.options({ release: "v1" }), { patience: { pause } });
      expect(waited).toBeGreaterThanOrEqual(15);
    } finally {
      vi.useRealTimers();
    }
    expect(world.keys()).toContain(ownKey(1));
    expect(brokenKeys(world)).toEqual([]);
  });

  it("which needs nothing of it does not wait", async () => {
    await using world = await collectWorld(4);
    failDeletes(world);
    await expect(world.collect()).rejects.toMatchObject({ code: "ASSET_SYNC_STORE_FAILED" });
    world.double.clearFaults();
    await world.tree.write(build(5));
    await sync(world.options({ release: "v5" }), { patience: { pause: () => Promise.reject(new Error("it waits")) } });
    expect(brokenKeys(world).filter((key) => key === ownKey(5))).toEqual([]);
  });

  it("and had sent it before the collection sends it again", async () => {
    await using world = await collectWorld(3);
    // The build finds the ledger free of v1's file, sends it, and loses the race for the ledger to another build of v1,
    // whose release is collected before the first build looks again.
    await world.collect({ keep: 1 });
    await using next = await tempTree(build(1));
    const options = {
      ...world.options({ release: "slow" }),
      publicDir: next.path,
      receipt: `${next.path}/receipt.json`,
    };
    let others: Promise<void> | undefined;
    const pause = async (): Promise<void> => {
      others ??= world
        .release(1)
        .then(() => world.release(2))
        .then(() => world.collect({ keep: 1 }))
        .then(() => undefined);
      await others;
    };
    world.double.fail({
      fault: { kind: "answer", status: 503, code: "SlowDown" },
      matches: ({ method, key }) => method === "PUT" && key.endsWith(LEDGER_KEY),
      times: 1,
    });
    await sync(options, { patience: { pause } });
    expect(world.keys()).toContain(ownKey(1));
    expect(brokenKeys(world)).toEqual([]);
  });
});

describe("collections at once, and builds between them", () => {
  it("leave no mark, and nobody waits for one that is over", async () => {
    await using world = await collectWorld(4);
    let other: Promise<unknown> | undefined;
    world.double.fail({
      fault: { kind: "delay", milliseconds: 100 },
      matches: ({ method }) => {
        if (method !== "POST" || other !== undefined) return false;
        other = world.collect({ keep: 1 });
        return true;
      },
    });
    await world.collect({ keep: 2 });
    await other;
    expect(world.ledger().collection?.claims).toEqual([]);
    expect(world.keys()).toEqual(expect.not.arrayContaining([ownKey(1), ownKey(2), ownKey(3)]));
    expect(brokenKeys(world)).toEqual([]);
  });

  it("delete nothing that a release needs", async () => {
    await using world = await collectWorld(3);
    await using trees = new AsyncDisposableStack();
    const build_ = async (n: number): Promise<unknown> => {
      const tree = trees.use(await tempTree(build(n % 5)));
      const options = { ...world.options({ release: `b${n}` }), publicDir: tree.path, receipt: `${tree.path}/r.json` };
      return sync(options, { patience: AT_ONCE });
    };
    for (let round = 0; round < 10; round += 1) {
      const builds = Array.from({ length: 4 }, (_, n) => build_(round * 4 + n));
      await Promise.all([...builds, world.collect({ keep: 2 }), world.collect({ keep: 1 })]);
      expect(brokenKeys(world)).toEqual([]);
    }
  });
});
