import { describe, expect, it } from "vitest";

import { sync } from "../../src/sync/sync.ts";
import { BUCKET } from "../sync/fixture.ts";
import { collectWorld, ownKey } from "./collect-fixture.ts";

describe("objects of the newest release that were changed behind the ledger", () => {
  it.each([
    [ownKey(4), "gone"],
    ["assets/robots.txt", "gone"],
    [ownKey(4), "of other bytes"],
  ])("%s, %s, is not sent by a sync, and comes back as the error says", async (key, how) => {
    await using world = await collectWorld(4);
    const objects = world.double.objects(BUCKET);
    const options = world.options({ release: "v4" });
    objects.delete(`pre/${key}`);
    if (how !== "gone") objects.set(`pre/${key}`, { body: Buffer.from("x"), etag: "e", headers: {} });
    expect(await sync(options)).toMatchObject({ uploaded: 0 });
    const refusal: unknown = await world.collect().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ hint: expect.stringContaining("sync --refresh") });
    await sync({ ...options, refresh: true });
    expect(world.keys()).toContain(key);
    expect(await world.collect()).toMatchObject({ type: "summary" });
  });
});
