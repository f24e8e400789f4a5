import { describe, expect, it } from "vitest";

import { collectWorld, ownKey } from "./collect-fixture.ts";

const EXPIRED = { kind: "answer", status: 400, code: "ExpiredToken" } as const;

describe("a collection whose credentials expire after its mark", () => {
  it("says that the releases are forgotten and what is left, and the next one deletes it", async () => {
    await using world = await collectWorld(4);
    let began = false;
    world.double.fail({ fault: EXPIRED, matches: ({ method }) => (began ||= method === "POST") });
    await expect(world.collect()).rejects.toMatchObject({
      code: "ASSET_SYNC_DELETES_FAILED",
      exitCode: 1,
      message: expect.stringMatching(/ExpiredToken[^]*2 of 2 objects[^]*forgotten 2 release\(s\)[^]*next collection/),
      hint: expect.stringContaining("session token"),
    });
    expect([...world.ledger().releases.keys()]).toEqual(["v3", "v4"]);
    world.double.clearFaults();
    expect(await world.collect()).toMatchObject({ releases: 0, deleted: 2 });
    expect(world.keys()).not.toContain(ownKey(1));
  });

  it("and its deletes says that builds wait, and does not end as if nothing was touched", async () => {
    await using world = await collectWorld(4);
    let deleted = false;
    world.double.fail({
      fault: EXPIRED,
      matches: ({ method }) => {
        if (method !== "POST") return deleted;
        deleted = true;
        return false;
      },
    });
    await expect(world.collect()).rejects.toMatchObject({
      code: "ASSET_SYNC_CREDENTIALS_REFUSED",
      exitCode: 1,
      message: expect.stringMatching(/ExpiredToken[^]*2 objects are deleted[^]*forgotten 2 release\(s\)[^]*20 minutes/),
    });
    expect(world.keys()).not.toContain(ownKey(1));
  });
});
