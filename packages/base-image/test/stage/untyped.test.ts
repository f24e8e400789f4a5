import { tempTree } from "@slipway/testkit";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

import { loadDefinition } from "../../src/config/load.ts";
import { renderDockerfile } from "../../src/stage/dockerfile.ts";
import { rejection } from "../rejection.ts";

const INDEX = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

/** Node strips types without checking them, so what an editor would underline must be refused while the file runs. */
it.each([
  ["a stage by its name", 'stage("a", "debian").copy("x", "y", { from: "gems" })', /from is "gems"; expected a stage/],
  [
    "a misspelt option of copy",
    'stage("a", "debian").copy("x", "y", { form: from("b") })',
    /copy\(\) of stage a has the key "form"/,
  ],
  [
    "a misspelt option of run",
    'stage("a", "debian").run("x", { mount: [] })',
    /run\(\) of stage a has the key "mount"/,
  ],
  [
    "a misspelt option of a mount",
    'stage("a", "debian").run("x", { mounts: [cache("/c", { shared: true })] })',
    /cache\(\) has the key "shared"/,
  ],
  ["a number for text", 'stage("a", "debian").env({ PORT: 3000 })', /found 3000; expected a string/],
  ["no base", 'stage("a", from(undefined))', /found undefined; expected a string/],
])("refuses %s in a definition", async (_, text, message) => {
  const source = `import { cache, defineImage, from, stage } from ${JSON.stringify(INDEX)};\nexport default defineImage({ name: "x", stages: [${text}] });\n`;
  await using tree = await tempTree({ "package.json": '{"type":"module"}', "image.config.ts": source });
  const error = await rejection(async () => {
    const { definition } = await loadDefinition(`${tree.path}/image.config.ts`);
    renderDockerfile(definition);
  });
  expect(error).toMatchObject({ exitCode: 2 });
  expect(error.message).toMatch(message);
});

it("refuses a version that is a number, which 3.10 would not survive", async () => {
  const source = `import { rubyNode } from ${JSON.stringify(INDEX)};\nexport default rubyNode({ ruby: 3.3, node: "24", suite: "trixie" });\n`;
  await using tree = await tempTree({ "package.json": '{"type":"module"}', "image.config.ts": source });
  const error = await rejection(() => loadDefinition(`${tree.path}/image.config.ts`));
  expect(error.message).toMatch(/image\.config\.ts:2: rubyNode: ruby is 3\.3; expected/);
});
