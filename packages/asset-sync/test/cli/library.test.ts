import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type * as Library from "../../src/index.ts";
import * as sources from "../../src/index.ts";
import { makeBundle, type Bundle } from "./bundle.ts";

describe("the library as it is shipped", () => {
  let bundle: Bundle;
  let library: typeof Library;

  beforeAll(async () => {
    bundle = await makeBundle();
    library = (await import(pathToFileURL(join(bundle.folder, "index.mjs")).href)) as typeof Library;
  });
  afterAll(() => bundle[Symbol.asyncDispose]());

  it("exports what its sources do", () => {
    expect(Object.keys(library).toSorted()).toEqual(Object.keys(sources).toSorted());
  });

  it("uploads and compresses with nothing installed beside it", async () => {
    await using app = await tempTree({ "public/assets/app-0a1b2c3d.css": "body { color: black }\n".repeat(500) });
    const flags = { to: `file://${join(app.path, "store")}`, release: "v1", compress: "br" };
    const summary = await library.sync(library.resolveOptions("public", flags, {}, app.path));
    expect(summary).toMatchObject({ release: "v1", uploaded: 2 });
    expect(await readdir(join(app.path, "store/assets"))).toContain("app-0a1b2c3d.css");
  });

  it("throws errors of the class that it exports", async () => {
    expect(() => library.parseTarget("ftp://elsewhere")).toThrow(library.AssetSyncError);
  });
});
