import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, it } from "vitest";

it("calls asset-sync with a verb, in the README's definitions too", async () => {
  const readme = await readFile(join(import.meta.dirname, "..", "README.md"), "utf8");
  const calls = [...readme.matchAll(/\basset-sync (\w+) .*--to/g)].map(([, verb]) => verb);
  expect(calls).toEqual(["sync", "sync"]);
});
