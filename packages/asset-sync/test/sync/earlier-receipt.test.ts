import { lstat, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { Flags } from "../../src/config/options.ts";
import { writeOfflineReceipt } from "../../src/sync/offline-receipt.ts";
import { writeReceipt } from "../../src/sync/receipt-file.ts";
import { makeReceipt, readReceipt, type Receipt } from "../../src/sync/receipt.ts";
import { apply, plan, sync } from "../../src/sync/sync.ts";
import { syncFixture, type SyncFixture } from "./fixture.ts";

const DENIED = { kind: "answer", status: 403, code: "AccessDenied" } as const;

/** A folder with the receipt of v1. */
async function syncedWorld(): Promise<SyncFixture> {
  const world = await syncFixture();
  await sync(world.options());
  expect(existsSync(world.options().receipt)).toBe(true);
  return world;
}

const v2 = (world: SyncFixture, flags: Flags = {}): ReturnType<SyncFixture["options"]> =>
  world.options({ release: "v2", ...flags });

/** No scan takes a link that leads nowhere. */
async function breakLink({ tree }: SyncFixture): Promise<void> {
  await symlink("nowhere", join(tree.path, "assets/broken.js"));
}

describe("the receipt of an earlier sync", () => {
  it.each<[string, string, (world: SyncFixture) => Promise<unknown>]>([
    [
      "a file that cannot be read",
      "ASSET_SYNC_FILE_REFUSED",
      async (world) => {
        await breakLink(world);
        return sync(v2(world));
      },
    ],
    [
      "a ledger that may not be read",
      "ASSET_SYNC_ACCESS_DENIED",
      async (world) => {
        world.double.fail({ fault: DENIED, matches: () => true });
        return sync(v2(world));
      },
    ],
    [
      "a file that may not be written",
      "ASSET_SYNC_ACCESS_DENIED",
      async (world) => {
        await world.tree.write({ "assets/new.txt": "new" });
        world.double.fail({ fault: DENIED, matches: ({ key }) => key.endsWith("new.txt") });
        return sync(v2(world));
      },
    ],
    [
      "a fingerprinted name that has got other bytes",
      "ASSET_SYNC_BYTES_DIFFER",
      async (world) => {
        await world.tree.write({ "assets/application-1f3c9a2b.js": "console.log(2)" });
        return sync(v2(world));
      },
    ],
    [
      "more requests than are allowed",
      "ASSET_SYNC_TOO_MANY_REQUESTS",
      async (world) => sync(v2(world, { maxRequests: "1" })),
    ],
    [
      "a plan that is stale",
      "ASSET_SYNC_PLAN_STALE",
      async (world) => {
        const saved = { options: v2(world), plan: await plan(v2(world)) };
        await world.tree.write({ "assets/new.txt": "new" });
        return apply(saved);
      },
    ],
    [
      "a file that cannot be read, offline",
      "ASSET_SYNC_FILE_REFUSED",
      async (world) => {
        await breakLink(world);
        return writeOfflineReceipt(v2(world));
      },
    ],
  ])("is gone after a sync that failed for %s", async (_, code, failing) => {
    await using world = await syncedWorld();
    await expect(failing(world)).rejects.toMatchObject({ code });
    expect(existsSync(world.options().receipt)).toBe(false);
  });

  it("is gone before anything is sent, for whoever is killed", async () => {
    await using world = await syncedWorld();
    await world.tree.write({ "assets/new.txt": "new" });
    const there: boolean[] = [];
    await sync(v2(world), {
      onEvent: ({ type }) => type === "planned" && there.push(existsSync(world.options().receipt)),
    });
    expect(there).toEqual([false]);
    expect(await readReceipt(world.options().receipt)).toMatchObject({ release: "v2" });
  });

  it("stays where nothing is written", async () => {
    await using world = await syncedWorld();
    await plan(v2(world));
    await sync(v2(world, { dryRun: true }));
    await writeOfflineReceipt(v2(world, { dryRun: true }));
    expect(await readReceipt(world.options().receipt)).toMatchObject({ release: "v1" });
  });

  it("is found also where another program has sorted its members, however long it is", async () => {
    await using world = await syncedWorld();
    const { receipt } = world.options();
    const { files, ...rest } = JSON.parse(await readFile(receipt, "utf8")) as Receipt;
    const more = Array.from({ length: 5_000 }, (_, n) => [`assets/${n}.js`, "a".repeat(64)]);
    await writeFile(
      receipt,
      `\n\n${JSON.stringify({ files: { ...files, ...Object.fromEntries(more) }, ...rest }, null, 8)}`,
    );
    world.double.fail({ fault: DENIED, matches: () => true });
    await expect(sync(v2(world))).rejects.toMatchObject({ code: "ASSET_SYNC_ACCESS_DENIED" });
    expect(existsSync(receipt)).toBe(false);
  });

  it("that cannot be read stays, and the hint says what to do about it", async () => {
    await using world = await syncFixture();
    const receipt = join(world.tree.path, "receipt.json");
    await symlink("receipt.json", receipt);
    await expect(sync(world.options({ receipt }))).rejects.toMatchObject({
      code: "ASSET_SYNC_RECEIPT_UNWRITABLE",
      hint: expect.stringContaining("Make it readable"),
    });
    expect(world.requests()).toEqual([]);
  });

  it.each([
    JSON.stringify({ name: "shop", deploys: [{ format: "slipway-receipt/1" }] }),
    '{ // words\n"format": "slipway-receipt/1"',
    "{}",
  ])("is no other file that has its name: %s", async (held) => {
    await using world = await syncFixture();
    const receipt = join(world.tree.path, "package.json");
    await writeFile(receipt, held);
    world.double.fail({ fault: DENIED, matches: () => true });
    await expect(sync(world.options({ receipt }))).rejects.toMatchObject({ code: "ASSET_SYNC_ACCESS_DENIED" });
    expect(await readFile(receipt, "utf8")).toBe(held);
  });

  it("is no folder", async () => {
    await using world = await syncFixture();
    const receipt = join(world.tree.path, "receipt");
    await mkdir(receipt);
    await expect(sync(world.options({ receipt }))).rejects.toMatchObject({ code: "ASSET_SYNC_OPTION_INVALID" });
  });

  it("is what a link leads to, and the link stays for the new one", async () => {
    await using world = await syncFixture();
    await world.tree.write({ "there/old": "" });
    const receipt = join(world.tree.path, "link.json");
    await symlink("there/receipt.json", receipt);
    await sync(world.options({ receipt }));
    world.double.fail({ fault: DENIED, matches: () => true, times: 1 });
    await expect(sync(v2(world, { receipt }))).rejects.toMatchObject({ code: "ASSET_SYNC_ACCESS_DENIED" });
    expect(existsSync(receipt)).toBe(false);
    await sync(v2(world, { receipt }));
    expect((await lstat(receipt)).isSymbolicLink()).toBe(true);
    expect(await readReceipt(join(world.tree.path, "there/receipt.json"))).toMatchObject({ release: "v2" });
  });
});

it("a receipt on a disk that is full says so", async () => {
  await using world = await syncFixture();
  const receipt = makeReceipt("v1", world.options().target, "e", []);
  await expect(writeReceipt("/dev/full", receipt)).rejects.toMatchObject({
    code: "ASSET_SYNC_RECEIPT_UNWRITABLE",
    hint: expect.stringContaining("is full"),
  });
});
