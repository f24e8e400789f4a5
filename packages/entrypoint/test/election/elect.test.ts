import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { tempTree } from "@slipway/testkit";
import { expect, it } from "vitest";

import { elect } from "../../src/election/elect.ts";
import { openStore } from "../../src/election/open-store.ts";
import { ElectionLost } from "../../src/election/store.ts";

it("ends as lost when the task itself finds that the back end is gone", async () => {
  await using tree = await tempTree();
  const ballot = { task: "migrate", release: "r1", holder: "test:1" };
  const store = await openStore(pathToFileURL(join(tree.path, "election")).href, ballot, 3_000);
  const outcome = await elect({
    store,
    rules: { remember: true, tries: 3, leaseMs: 3_000 },
    signal: new AbortController().signal,
    act: () => Promise.reject(new ElectionLost("the connection broke")),
    onWait: () => undefined,
  });
  expect(outcome).toEqual({ type: "lost", reason: "the connection broke" });
});
