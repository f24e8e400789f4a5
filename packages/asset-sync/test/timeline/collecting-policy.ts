import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";

import { collect } from "../../src/collect/collect.ts";
import { resolveOptions } from "../../src/config/options.ts";
import { sync } from "../../src/sync/sync.ts";
import { AT_ONCE } from "../collect/collect-fixture.ts";
import type { Release } from "./history.ts";
import type { Policy } from "./policies.ts";

/** The sync and the collections of this package, on a folder. */
export async function collectingPolicy(): Promise<Policy & AsyncDisposable> {
  const store = await tempTree();
  const to = `file://${store.path}`;
  let running: ReadonlySet<string> = new Set();
  const put = async ({ id, assets }: Release): Promise<void> => {
    await using tree = await tempTree(
      Object.fromEntries([...assets.values()].map(({ key, content }) => [key, content])),
    );
    await sync(resolveOptions(tree.path, { to, release: id }, {}, tree.path), { patience: AT_ONCE });
  };
  const gather = async (control: { readonly killed: boolean }): Promise<void> => {
    const stop = new AbortController();
    const images = [...running].map((release) => ({ name: release, images: [`shop:${release}`] }));
    const { target } = resolveOptions("public", { to, release: "any" }, {}, "/");
    await collect(
      { target, keep: 3, minAge: 86_400, maxDelete: 1000, runningFrom: [() => Promise.resolve(images)] },
      {
        patience: AT_ONCE,
        signal: stop.signal,
        onEvent: ({ type }) => {
          if (control.killed && type === "collection-planned") setImmediate(() => stop.abort());
        },
      },
    ).catch((error: unknown) => {
      if (!control.killed) throw error;
    });
  };
  return {
    build: async (releases, _, collecting) => {
      await Promise.all([...releases.map(put), ...(collecting ? [gather({ killed: false })] : [])]);
    },
    rolledOut: () => Promise.resolve(),
    collect: async (_, now, killed) => {
      running = now;
      await gather({ killed });
    },
    present: async () => {
      const names = await readdir(join(store.path, "assets")).catch(() => []);
      return new Set(names.map((name) => `assets/${name}`));
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
