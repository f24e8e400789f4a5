import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { expect, it } from "vitest";

import { stageKeys } from "../../src/engine/stage-keys.ts";
import { defineImage } from "../../src/stage/image.ts";
import { stage } from "../../src/stage/stage.ts";

const gems = stage("gems", "debian").copy("Gemfile", "./");
const assets = stage("assets", gems).copy("app/assets/", "app/assets/").run("compile");
const app = stage("app", "debian").copy("app/", "app/").copy("/public", "/public", { from: assets });
const definition = defineImage({ name: "x", context: ".", stages: [gems, assets, app] });

const FILES = { Gemfile: "a", "app/assets/a.css": "a", "app/models/a.rb": "a", "README.md": "a" };

it.each([
  ["README.md", []],
  ["app/models/a.rb", ["app"]],
  ["app/assets/a.css", ["app", "assets"]],
  ["Gemfile", ["app", "assets", "gems"]],
])("a change of %s changes the keys of %j and of no other stage", async (file, changed) => {
  await using tree = await tempTree(FILES);
  const loaded = { definition, file: "", folder: tree.path };
  const before = await stageKeys(loaded);
  await writeFile(join(tree.path, file), "b");
  const after = await stageKeys(loaded);
  const moved = [...before].flatMap(([name, key]) => (after.get(name) === key ? [] : [name]));
  expect(moved.toSorted()).toEqual(changed);
  expect(before.size).toBe(3);
});

it("an instruction of a stage it needs changes a stage's key", async () => {
  await using tree = await tempTree(FILES);
  const other = stage("assets", gems).copy("app/assets/", "app/assets/").env({ NODE_ENV: "test" }).run("compile");
  const moved = defineImage({ name: "x", context: ".", stages: [gems, other] });
  const keys = await stageKeys({ definition, file: "", folder: tree.path });
  const otherKeys = await stageKeys({ definition: moved, file: "", folder: tree.path });
  expect(otherKeys.get("assets")).not.toBe(keys.get("assets"));
  expect(otherKeys.get("gems")).toBe(keys.get("gems"));
});
