import { lookUpServices, serviceVariable, tempTree } from "@slipway/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { collect } from "../../src/collect/collect.ts";
import { resolveOptions } from "../../src/config/options.ts";
import type { CollectionSummary } from "../../src/events.ts";
import { decodeLedger } from "../../src/ledger/format.ts";
import { LEDGER_KEY, type Ledger } from "../../src/ledger/ledger.ts";
import { openStore } from "../../src/store/open-store.ts";
import { requestCounter } from "../../src/store/request-counter.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { serviceCredentials, testBucket } from "../store/test-bucket.ts";
import { build, ownKey } from "./collect-fixture.ts";

const services = lookUpServices("s3");

describe.skipIf(!services.available)(`collections on the S3 service ${services.reason}`, () => {
  beforeEach(() => {
    for (const [name, value] of Object.entries(serviceCredentials())) vi.stubEnv(name, value);
  });
  afterEach(() => vi.unstubAllEnvs());

  it("delete what no release needs, beside builds that need some of it again", { timeout: 300_000 }, async () => {
    await using bucket = await testBucket();
    await using trees = new AsyncDisposableStack();
    const location = {
      endpoint: serviceVariable("TEST_S3_ENDPOINT"),
      region: serviceVariable("TEST_S3_REGION"),
      pathStyle: true,
    };
    const to = `s3://${bucket.name}/pre`;
    const release = async (id: string, n: number): Promise<string> => {
      const tree = trees.use(await tempTree(build(n)));
      const options = resolveOptions(tree.path, { to, release: id, ...location }, {}, tree.path);
      await sync(options);
      return options.receipt;
    };
    const { target } = resolveOptions("public", { to, release: "any", ...location }, {}, "/");
    const gather = (keep: number): Promise<CollectionSummary> =>
      collect({ target, keep, minAge: 0, maxDelete: 1000, runningFrom: [] });
    const ledger = async (): Promise<Ledger> => {
      const store = openStore(target, requestCounter());
      const object = await store.get(LEDGER_KEY);
      store.close();
      return decodeLedger(object?.body ?? Buffer.alloc(0), to);
    };

    for (let n = 1; n <= 3; n += 1) await release(`v${n}`, n);
    expect(await gather(1)).toMatchObject({ releases: 2, deleted: 2, requests: { total: 6 } });
    expect(await bucket.keys()).not.toContain(`pre/${ownKey(1)}`);
    const receipt = await release("v1", 1);
    expect(await verify({ receipt, deep: true })).toMatchObject({ holds: true, faults: [] });

    for (let round = 0; round < 4; round += 1) {
      const builds = [0, 1, 2].map((n) => release(`r${round}-${n}`, (round + n) % 4));
      await Promise.all([...builds, gather(1), gather(2)]);
      const stored = new Set(await bucket.keys());
      const { files, releases } = await ledger();
      const named = [...files.keys(), ...[...releases.values()].flatMap(({ keys }) => keys)];
      expect([round, named.filter((key) => !stored.has(`pre/${key}`))]).toEqual([round, []]);
    }
  });
});
