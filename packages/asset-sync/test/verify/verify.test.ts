import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { encodeLedger } from "../../src/ledger/format.ts";
import { EMPTY_LEDGER, LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { releases } from "../../src/sync/releases.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { BUCKET, BUILD, syncFixture } from "../sync/fixture.ts";

describe("verify", () => {
  it("says in one request that all is there", async () => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    world.requests();
    const summary = await verify({ receipt });
    expect(summary).toMatchObject({ holds: true, files: Object.keys(BUILD).length, missing: [], different: [] });
    expect(summary.requests.total).toBe(1);
    expect(world.requests()).toEqual([`GET ${LEDGER_KEY}`]);
  });

  it("names what is missing and what has other bytes", async () => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    const ledger = world.ledger();
    const files = new Map(ledger.files);
    const css = files.get("assets/application-0a1b2c3d.css");
    files.delete("assets/application-1f3c9a2b.js");
    if (css !== undefined) files.set("assets/application-0a1b2c3d.css", { ...css, sha256: "1".repeat(64) });
    const body = await encodeLedger({ ...ledger, files, releases: new Map() });
    world.double.objects(BUCKET).set(`pre/${LEDGER_KEY}`, { body, etag: "e", headers: {} });
    expect(await verify({ receipt })).toMatchObject({
      holds: false,
      missing: ["assets/application-1f3c9a2b.js"],
      different: ["assets/application-0a1b2c3d.css"],
    });
  });

  it("still holds for an old release whose manifest and plain files a newer one has replaced", async () => {
    await using world = await syncFixture();
    const old = world.options({ receipt: join(world.tree.path, "old.json") });
    await sync(old);
    await world.tree.write({ "assets/.manifest.json": "{}", "assets/robots.txt": "other" });
    await sync(world.options({ release: "v2" }));
    expect(await verify({ receipt: old.receipt })).toMatchObject({
      holds: true,
      superseded: ["assets/.manifest.json", "assets/robots.txt"],
    });
  });

  it("does not hold where nothing was ever synced", async () => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    world.double.objects(BUCKET).clear();
    expect((await verify({ receipt })).missing.length).toBe(Object.keys(BUILD).length);
  });

  it("says that it was interrupted", async () => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    world.double.fail({ fault: { kind: "delay", milliseconds: 60_000 }, matches: () => true });
    const signal = AbortSignal.abort();
    await expect(verify({ receipt, signal })).rejects.toMatchObject({ code: "ASSET_SYNC_INTERRUPTED" });
    await expect(releases(world.options().target, { signal })).rejects.toMatchObject({
      code: "ASSET_SYNC_INTERRUPTED",
    });
  });

  it("asks another target when told to", async () => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    const body = await encodeLedger(EMPTY_LEDGER);
    world.double.objects(BUCKET).set(`elsewhere/${LEDGER_KEY}`, { body, etag: "e", headers: {} });
    expect(await verify({ receipt, to: `s3://${BUCKET}/elsewhere` })).toMatchObject({ holds: false });
  });

  it.each([
    ["no JSON", "{"],
    ["no receipt", "[]"],
    ["another format", '{"format":"slipway-receipt/9"}'],
    ["no files", '{"format":"slipway-receipt/1","release":"v","target":"s3://shop","files":[]}'],
    ["a wrong digest", '{"format":"slipway-receipt/1","release":"v","target":"s3://shop","files":{"k":"zz"}}'],
  ])("refuses a receipt that is %s", async (_, text) => {
    await using world = await syncFixture();
    const receipt = join(world.tree.path, "receipt.json");
    await writeFile(receipt, text);
    await expect(verify({ receipt })).rejects.toMatchObject({ code: "ASSET_SYNC_RECEIPT_INVALID", exitCode: 2 });
  });
});
