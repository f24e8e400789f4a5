import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { types } from "mime-types";
import { expect, it } from "vitest";

import { contentType } from "../../src/scan/content-type.ts";
import { readPlan } from "../../src/sync/saved-plan.ts";
import { makeBundle, runProgram } from "./bundle.ts";

it("the bundled program gives every ending the media type that mime-types gives it", async () => {
  const names = [...Object.keys(types), "unheard-of"].map((ending) => `assets/file.${ending}`);
  await using app = await tempTree(Object.fromEntries(names.map((name) => [`public/${name}`, name])));
  await using bundle = await makeBundle();
  const words = ["plan", "--to", `file://${join(app.path, "store")}`, "--release", "v1", "--out", "plan.json"];
  expect(await runProgram(bundle.program, words, { cwd: app.path })).toMatchObject({ code: 0, stderr: "" });
  const { plan } = await readPlan(join(app.path, "plan.json"));
  const given = plan.puts.map(({ key, headers }) => [key, headers["content-type"]]);
  expect(Object.fromEntries(given)).toEqual(Object.fromEntries(names.map((name) => [name, contentType(name)])));
});
