import type { Fault } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { AssetSyncError } from "../../src/errors.ts";
import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { BUCKET } from "../sync/fixture.ts";
import { AT_ONCE, brokenKeys, collectWorld, type CollectWorld } from "./collect-fixture.ts";

const OLD = 1010;

/** A ledger read, a listing of two pages, the mark, two deletes, the ledger read and written again. */
const REQUESTS = 1 + 2 + 1 + 2 + 2;

const PATIENCE = { ...AT_ONCE, attempts: 3 };

const FAULTS: readonly (readonly [string, Fault])[] = [
  ["reset before", { kind: "cut", when: "before" }],
  ["reset during the body", { kind: "cut", when: "body" }],
  ["reset during the answer", { kind: "cut", when: "during" }],
  ["reset after", { kind: "cut", when: "after" }],
  ["500", { kind: "answer", status: 500, code: "InternalError" }],
  ["403", { kind: "answer", status: 403, code: "AccessDenied" }],
  ["412", { kind: "answer", status: 412, code: "PreconditionFailed" }],
  ["truncated", { kind: "truncate" }],
];

/** v1 had 1,010 files that v2 and v3 do not need. */
async function faultWorld(): Promise<CollectWorld> {
  const world = await collectWorld(0);
  const old = Array.from(
    { length: OLD },
    (_, n) => [`assets/old-${(0x2b000000 + n).toString(16)}.js`, `${n}`] as const,
  );
  await world.release(1, Object.fromEntries(old));
  await world.release(2);
  await world.release(3);
  return world;
}

/** What the releases that are kept need, looked at after each change. */
function watchNeeded(world: CollectWorld): ReadonlySet<string> {
  const needed = new Set(["v2", "v3"].flatMap((id) => world.ledger().releases.get(id)?.keys ?? []));
  const wrong = new Set<string>();
  let rows: ReadonlySet<string> = needed;
  world.double.onChange((_, changed) => {
    const stored = world.double.objects(BUCKET);
    const key = changed.slice("pre/".length);
    if (key === LEDGER_KEY) rows = new Set([...needed, ...world.ledger().files.keys()]);
    for (const name of key === LEDGER_KEY ? rows : [key].filter((one) => rows.has(one))) {
      if (!stored.has(`pre/${name}`)) wrong.add(`${name} is gone`);
    }
  });
  return wrong;
}

describe("a collection in which one request goes wrong", () => {
  it.each(FAULTS)(
    "%s, once or always, at each: nothing needed is deleted, the next one ends it",
    { timeout: 120_000 },
    async (_, fault) => {
      await using world = await faultWorld();
      const state = new Map(world.double.objects(BUCKET));
      const wrong = watchNeeded(world);
      for (const times of ["once", "always"] as const) {
        for (let index = 0; index < REQUESTS; index += 1) {
          const objects = world.double.objects(BUCKET);
          objects.clear();
          for (const [key, object] of state) objects.set(key, object);
          world.double.log.length = 0;
          let hit: string | undefined;
          world.double.fail({
            fault,
            matches: ({ method, key }, at) => {
              if (at === index) hit = `${method} ${key}`;
              return at === index || (times === "always" && hit === `${method} ${key}`);
            },
          });
          const outcome = await world
            .collect({ maxDelete: OLD }, { patience: PATIENCE })
            .catch((error: unknown) => error);
          world.double.clearFaults();
          expect(
            outcome instanceof Error && !(outcome instanceof AssetSyncError) ? outcome : undefined,
          ).toBeUndefined();
          await world.collect({ maxDelete: OLD }, { patience: PATIENCE });
          const left = [...objects.keys()].filter((key) => key.includes("/old-")).length;
          expect([times, index, left, brokenKeys(world), [...wrong]]).toEqual([times, index, 0, [], []]);
          expect([...world.ledger().releases.keys()]).toEqual(["v2", "v3"]);
        }
      }
    },
  );

  it("knows its mark although the answer to it is lost: no claim is left that builds would wait for", async () => {
    await using world = await faultWorld();
    world.double.fail({ fault: { kind: "cut", when: "after" }, matches: ({ method }) => method === "PUT", times: 1 });
    const summary = await world.collect({ maxDelete: OLD });
    expect(summary).toMatchObject({ releases: 1, deleted: OLD, requests: { put: 3 } });
    expect(summary.bytes).toBeGreaterThan(0);
    expect(world.ledger().collection?.claims).toEqual([]);
  });

  it("covers every request that a collection makes", async () => {
    await using world = await faultWorld();
    world.requests();
    await world.collect({ maxDelete: OLD });
    const made = world.requests();
    expect(made).toHaveLength(REQUESTS);
    expect(made.at(-1)).toBe(`PUT ${LEDGER_KEY}`);
  });
});
