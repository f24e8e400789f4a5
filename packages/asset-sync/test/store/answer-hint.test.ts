import { describe, expect, it } from "vitest";

import { sync } from "../../src/sync/sync.ts";
import { syncFixture } from "../sync/fixture.ts";

describe("an answer that stays the same however often S3 is asked", () => {
  it.each([
    [400, "InvalidRequest", "asking again does not help"],
    [400, "AccessControlListNotSupported", "leave --acl out"],
    [400, "InvalidStorageClass", "leave --storage-class out"],
    [400, "KeyTooLongError", "up to 1024 bytes"],
    [400, "InvalidObjectName", "up to 1024 bytes"],
    [400, "KMS.NotFoundException", "--sse-kms-key-id"],
  ])("%i %s leads further than to another attempt", async (status, code, hint) => {
    await using world = await syncFixture();
    world.double.fail({ fault: { kind: "answer", status, code }, matches: ({ method }) => method === "PUT" });
    const failure = sync(world.options());
    await expect(failure).rejects.toMatchObject({
      code: "ASSET_SYNC_STORE_FAILED",
      hint: expect.stringContaining(hint),
    });
    await expect(failure).rejects.not.toMatchObject({ hint: expect.stringContaining("again: it completes") });
  });
});
