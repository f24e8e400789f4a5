import { lookUpServices, serviceVariable } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { parseTarget } from "../../src/config/target.ts";
import { requestCounter } from "../../src/store/request-counter.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { checksumKind } from "../../src/store/put-headers.ts";
import { sha256 } from "../../src/scan/digest.ts";
import { describeStore, putRequest, type OpenedStore } from "./store-contract.ts";
import { serviceCredentials, testBucket } from "./test-bucket.ts";

const services = lookUpServices("s3");

async function open(): Promise<OpenedStore> {
  const bucket = await testBucket();
  const target = parseTarget(`s3://${bucket.name}/pre`, {
    endpoint: serviceVariable("TEST_S3_ENDPOINT"),
    region: serviceVariable("TEST_S3_REGION"),
    pathStyle: true,
  });
  const reopen = (): Store => openStore(target, requestCounter());
  const store = reopen();
  return {
    store,
    reopen,
    [Symbol.asyncDispose]: async () => {
      store.close();
      await bucket[Symbol.asyncDispose]();
    },
  };
}

describe.skipIf(!services.available)(`the S3 service ${services.reason}`, () => {
  beforeEach(() => {
    for (const [name, value] of Object.entries(serviceCredentials())) vi.stubEnv(name, value);
  });
  afterEach(() => vi.unstubAllEnvs());

  describeStore("the real S3", open);

  it("is known as Ceph by its first answer, and compares the signed digest: no other checksum goes with the bytes", async () => {
    await using opened = await open();
    expect(await opened.store.get("a")).toBeUndefined();
    expect(checksumKind(serviceVariable("TEST_S3_ENDPOINT"), true)).toBe("signed");
    const bytes = putRequest("a", "these bytes");
    await expect(opened.store.put({ ...bytes, sha256: sha256(Buffer.from("other bytes")) })).rejects.toMatchObject({
      code: "ASSET_SYNC_FILE_CHANGED",
      message: expect.stringContaining("XAmzContentSHA256Mismatch"),
    });
    expect(await opened.store.head("a")).toBeUndefined();
    expect((await opened.store.put(bytes)).outcome).toBe("stored");
  });
});
