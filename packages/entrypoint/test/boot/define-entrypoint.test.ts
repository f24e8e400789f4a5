import { join } from "node:path";

import { runSync } from "@slipway/testkit";
import { expect, it } from "vitest";

import { defineEntrypoint, readDefinition } from "../../src/index.ts";

const CONFIG = join(import.meta.dirname, "../fixtures/entrypoint.config.ts");

it("compiles to the JSON that a start reads", () => {
  const script = `import(${JSON.stringify(CONFIG)}).then(({ default: config }) => console.log(JSON.stringify(config)))`;
  const { stdout, stderr } = runSync(process.execPath, ["-e", script]);
  expect(stderr).toBe("");
  const definition = readDefinition(JSON.parse(stdout), { DATABASE_URL: "postgres://db/shop", PATIENCE: "2m" });
  expect(definition.tasks.map(({ task, deadlineMs }) => [task, deadlineMs])).toEqual([
    ["wait-for", 60_000],
    ["migrate", 120_000],
  ]);
  expect([...definition.exitCodes]).toEqual([[143, 0]]);
});

it("is not compiled by TypeScript when a key, a value or a task is wrong", () => {
  const wrong = [
    // @ts-expect-error -- the key is misspelt
    defineEntrypoint({ taks: [], tasks: [] }),
    // @ts-expect-error -- there is no such task
    defineEntrypoint({ tasks: [{ task: "migrat", run: ["true"], election: "file:///tmp/e" }] }),
    // @ts-expect-error -- the election is missing
    defineEntrypoint({ tasks: [{ task: "migrate", run: ["true"] }] }),
    // @ts-expect-error -- a command is a list of words
    defineEntrypoint({ tasks: [{ task: "run", run: "true" }] }),
    // @ts-expect-error -- a duration has a unit
    defineEntrypoint({ tasks: [{ task: "run", run: ["true"], deadline: "60" }] }),
    // @ts-expect-error -- it is none of the modes
    defineEntrypoint({ mode: "job", tasks: [] }),
  ];
  for (const definition of wrong) expect(() => readDefinition(definition, {})).toThrow(/expected|did you mean|missing/);
});
