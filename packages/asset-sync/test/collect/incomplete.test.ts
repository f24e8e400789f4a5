import { describe, expect, it } from "vitest";

import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { sync } from "../../src/sync/sync.ts";
import { BUCKET } from "../sync/fixture.ts";
import { collectWorld, ownKey } from "./collect-fixture.ts";

describe("objects of the newest release that were deleted behind the ledger", () => {
  it.each([ownKey(4), "assets/robots.txt"])(
    "%s is not sent by a sync, and comes back as the error says",
    async (key) => {
      await using world = await collectWorld(4);
      const objects = world.double.objects(BUCKET);
      const options = world.options({ release: "v4" });
      objects.delete(`pre/${key}`);
      expect(await sync(options)).toMatchObject({ uploaded: 0 });
      const refusal: unknown = await world.collect().catch((error: unknown) => error);
      expect(refusal).toMatchObject({ hint: expect.stringContaining("sync --refresh") });
      expect(refusal).toMatchObject({ hint: expect.stringContaining("ledger.json.zst") });
      await sync({ ...options, refresh: true });
      expect(world.keys().includes(key)).toBe(key === "assets/robots.txt");
      if (!world.keys().includes(key)) {
        objects.delete(`pre/${LEDGER_KEY}`);
        await sync(options);
      }
      expect(world.keys()).toContain(key);
      expect(await world.collect()).toMatchObject({ type: "summary" });
    },
  );

  it("nor are those of other bytes, which --allow-changed replaces", async () => {
    await using world = await collectWorld(4);
    const objects = world.double.objects(BUCKET);
    const options = world.options({ release: "v4" });
    objects.set(`pre/${ownKey(4)}`, { body: Buffer.from("x"), etag: "e", headers: {} });
    objects.delete(`pre/${LEDGER_KEY}`);
    await expect(sync(options)).rejects.toMatchObject({ code: "ASSET_SYNC_BYTES_DIFFER" });
    await sync({ ...options, allowChanged: true });
    expect(await world.collect()).toMatchObject({ type: "summary" });
  });
});
