import { describe, expect, it } from "vitest";

import { adopt } from "../../src/adopt/adopt.ts";
import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { sync } from "../../src/sync/sync.ts";
import { BUCKET, syncFixture, type SyncFixture } from "../sync/fixture.ts";
import { adoptionOf, fill, gemObject } from "./gem-bucket.ts";

const OWN = "assets/logo-1a2b3c4d.png";

/** A bucket of the gem with a target in a folder of it. */
async function nested(folder: string): Promise<SyncFixture> {
  const world = await syncFixture();
  await sync(world.options({ to: `s3://${BUCKET}/pre/${folder}` }));
  fill(world, { [OWN]: gemObject("png", {}), "assets/.asset-sync/headers/a.json": gemObject("{}", {}) });
  return world;
}

describe("taking over a bucket that has another target in it", () => {
  it.each(["assets/live", "assets/apps/shop"])("leaves what lies in %s as it is, and says so", async (folder) => {
    await using world = await nested(folder);
    const objects = world.double.objects(BUCKET);
    const before = new Map([...objects].filter(([key]) => key.startsWith(`pre/${folder}/`)));
    expect(before.has(`pre/${folder}/${LEDGER_KEY}`)).toBe(true);
    const summary = await adopt(adoptionOf(world, { fix: true, objects: { acl: "public-read" } }));
    expect(summary).toMatchObject({ objects: 1, skipped: [{ key: `${folder}/`, reason: "another target" }] });
    expect([...world.ledger().files.keys()]).toEqual([OWN]);
    for (const [key, object] of before) expect(objects.get(key)).toBe(object);
  });

  it("takes nothing of a folder that lies in one", async () => {
    await using world = await nested("assets");
    const summary = await adopt(adoptionOf(world, { folders: ["assets/assets"], write: true }));
    expect(summary).toMatchObject({ objects: 0, skipped: [{ key: "assets/", reason: "another target" }] });
  });
});
