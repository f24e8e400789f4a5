import { rm } from "node:fs/promises";
import { join } from "node:path";

import { collect, type CollectControl, type CollectOptions } from "../../src/collect/collect.ts";
import type { CollectionSummary } from "../../src/events.ts";
import { standing } from "../../src/ledger/ledger.ts";
import { sync } from "../../src/sync/sync.ts";
import { syncFixture, type SyncFixture } from "../sync/fixture.ts";

/** Nobody waits: what is waited for has happened. */
export const AT_ONCE: { readonly pause: () => Promise<void> } = {
  pause: () => new Promise<void>((resolve) => setImmediate(resolve)),
};

/** A build with one fingerprinted file of its own, one that all have, and a plain one that all have. */
export function build(n: number): Readonly<Record<string, string>> {
  return {
    "assets/shared-1f3c9a2b.js": "shared",
    [`assets/own${n}-${(0x1a000000 + n).toString(16)}.js`]: `own ${n}`,
    "assets/robots.txt": "User-agent: *",
  };
}

/** Keys that only build n has. */
export function ownKey(n: number): string {
  return `assets/own${n}-${(0x1a000000 + n).toString(16)}.js`;
}

export interface CollectWorld extends SyncFixture {
  /** Replaces the build by that of release n and syncs it as `vN`. */
  release(n: number, files?: Readonly<Record<string, string>>): Promise<void>;
  collect(options?: Partial<CollectOptions>, control?: CollectControl): Promise<CollectionSummary>;
}

/** A target with releases v1 to vN. */
export async function collectWorld(
  count: number,
  options: Parameters<typeof syncFixture>[1] = {},
): Promise<CollectWorld> {
  const world = await syncFixture({}, options);
  const target = world.options().target;
  const release = async (n: number, files = build(n)): Promise<void> => {
    for (const folder of ["assets", "packs"]) await rm(join(world.tree.path, folder), { recursive: true, force: true });
    await world.tree.write(files);
    await sync(world.options({ release: `v${n}` }), { patience: AT_ONCE });
  };
  for (let n = 1; n <= count; n += 1) await release(n);
  return {
    ...world,
    release,
    collect: (rules = {}, control = {}) =>
      collect(
        { target, keep: 2, minAge: 0, maxDelete: 1000, runningFrom: [], ...rules },
        { patience: AT_ONCE, ...control },
      ),
  };
}

/** Lets all deletes fail, so that a collection ends with its mark left behind. */
export function failDeletes(world: CollectWorld): void {
  const fault = { kind: "answer", status: 500, code: "InternalError" } as const;
  world.double.fail({ fault, matches: ({ method }) => method === "POST" });
}

/** Keys of the ledger's releases of which nothing is stored, and rows that no key stands for. */
export function brokenKeys(world: SyncFixture): readonly string[] {
  const stored = new Set(world.keys());
  const ledger = world.ledger();
  const needed = [...ledger.releases.values()].flatMap(({ keys }) => keys);
  return [...new Set([...needed, ...ledger.files.keys()])].filter(
    (key) => !stored.has(key) || standing(ledger, key) <= 0,
  );
}
