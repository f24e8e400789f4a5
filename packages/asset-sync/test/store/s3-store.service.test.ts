import { lookUpServices, serviceVariable } from "@slipway/testkit";
import { afterEach, beforeEach, describe, vi } from "vitest";

import { parseTarget } from "../../src/config/target.ts";
import { requestCounter } from "../../src/store/request-counter.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { describeStore } from "./store-contract.ts";
import { serviceCredentials, testBucket } from "./test-bucket.ts";

const services = lookUpServices("s3");

describe.skipIf(!services.available)(`the S3 service ${services.reason}`, () => {
  beforeEach(() => {
    for (const [name, value] of Object.entries(serviceCredentials())) vi.stubEnv(name, value);
  });
  afterEach(() => vi.unstubAllEnvs());

  describeStore("the real S3", async () => {
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
  });
});
