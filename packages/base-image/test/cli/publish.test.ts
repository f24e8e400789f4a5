import { fileURLToPath } from "node:url";

import { tempTree } from "@slipway/testkit";
import { expect, it } from "vitest";

import { fakeRegistry } from "../registry/fake-registry.ts";
import { runCli } from "./run-cli.ts";

const INDEX = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

const DEFINITION = `import { arg, defineImage, stage } from ${JSON.stringify(INDEX)};
const app = stage("app", "debian:13").run("true", { args: [arg("KEY")] });
export default defineImage({ name: "x", stages: [app] });`;

it.each([
  ["words", []],
  ["JSON", ["--json"]],
])("publish --dry-run says no value of a build argument, in %s", async (_, more) => {
  await using server = await fakeRegistry(() => ({ status: 404 }));
  await using tree = await tempTree({ "package.json": '{"type":"module"}', "image.config.ts": DEFINITION });
  const to = ["publish", "--dry-run", "--to", `${server.host}/x`, "--build-arg", "KEY=hunter22"];
  const { code, stdout } = await runCli("--config", `${tree.path}/image.config.ts`, ...more, ...to);
  expect(code).toBe(0);
  expect(stdout).toContain("KEY=***");
  expect(stdout).not.toContain("hunter22");
});
