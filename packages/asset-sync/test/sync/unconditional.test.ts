import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import type { SyncOptions } from "../../src/config/options.ts";
import { LEDGER_ENTRIES, LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { sha256 } from "../../src/scan/digest.ts";
import { releases } from "../../src/sync/releases.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { BUCKET, BUILD, manyFiles, syncFixture, type SyncFixture } from "./fixture.ts";

const N = Object.keys(BUILD).length;

/** Requests without the digests in the names of entries. */
function shortened(requests: readonly string[]): readonly string[] {
  return requests.map((line) => line.replace(/\/[0-9a-f]{32}\.json\.zst$/, "/ENTRY"));
}

async function optionsFor(
  world: SyncFixture,
  trees: AsyncDisposableStack,
  release: string,
  files: Readonly<Record<string, string>>,
): Promise<SyncOptions> {
  const tree = trees.use(await tempTree(files));
  return { ...world.options({ release }), publicDir: tree.path, receipt: join(tree.path, "receipt.json") };
}

describe.each(["ignored", "unsupported"] as const)("an endpoint where conditions of writes are %s", (conditions) => {
  it("is found out once, by one object that is written twice, and the answer is remembered", async () => {
    await using world = await syncFixture(BUILD, { conditions });
    await sync(world.options());
    const probes = world.requests().filter((line) => line === "PUT .asset-sync/conditions");
    expect(probes.length).toBe(conditions === "ignored" ? 2 : 1);
    await world.tree.write({ "assets/extra-12ab34cd.css": "e" });
    await sync(world.options({ release: "v2" }));
    expect(world.requests().filter((line) => line === "PUT .asset-sync/conditions")).toEqual([]);
  });

  it("gets one object for each run that writes; a sync costs a listing and the entries more", async () => {
    await using world = await syncFixture(BUILD, { conditions });
    await sync(world.options());
    world.requests();
    await sync(world.options({ release: "v2" }));
    expect(shortened(world.requests())).toEqual([
      `GET ${LEDGER_KEY}`,
      "GET ",
      `GET ${LEDGER_ENTRIES}ENTRY`,
      `PUT ${LEDGER_ENTRIES}ENTRY`,
      "GET ",
      `GET ${LEDGER_ENTRIES}ENTRY`,
      `GET ${LEDGER_ENTRIES}ENTRY`,
    ]);
    await sync(world.options({ release: "v2" }));
    expect(world.requests().filter((line) => line.startsWith("PUT"))).toEqual([]);
    expect((await releases(world.options().target)).map(({ id }) => id).toSorted()).toEqual(["v1", "v2"]);
    expect(world.double.objects(BUCKET).size).toBe(N + 2 + 1 + (conditions === "ignored" ? 1 : 0));
  });

  it("loses nothing of ten builds at once, and plain files end as the ledger says", { timeout: 120_000 }, async () => {
    await using world = await syncFixture({}, { conditions });
    await using trees = new AsyncDisposableStack();
    const runs = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        optionsFor(world, trees, `v${n}`, { ...manyFiles(6, n * 3), "assets/robots.txt": `# ${n}` }),
      ),
    );
    await Promise.all(runs.map((options) => sync(options)));
    expect((await releases(world.options().target)).length).toBe(10);
    const verified = await Promise.all(runs.map(({ receipt }) => verify({ receipt })));
    expect(verified.map(({ holds, missing }) => ({ holds, missing }))).toEqual(
      runs.map(() => ({ holds: true, missing: [] })),
    );
    // One of them was the last: what it wrote is what is there.
    const stored = sha256(world.double.objects(BUCKET).get("pre/assets/robots.txt")?.body ?? Buffer.alloc(0));
    expect(verified.filter(({ superseded }) => superseded.length === 0).length).toBe(1);
    const last = runs[verified.findIndex(({ superseded }) => superseded.length === 0)];
    expect(stored).toBe(sha256(Buffer.from(`# ${last?.release.slice(1)}`)));
  });
});
