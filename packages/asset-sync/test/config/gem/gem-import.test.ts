import { dirname, join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { checkConfig } from "../../../src/config/config-check.ts";
import { loadConfig } from "../../../src/config/config-file.ts";
import { configSource } from "../../../src/config/config-source.ts";
import { gemConfig } from "../../../src/config/gem-config.ts";
import { gemValues } from "../../../src/config/gem-values.ts";
import { importGemConfig, readGemConfig } from "../../../src/config/gem-file.ts";
import { IGNORED, MAPPED } from "../../../src/config/gem-options.ts";
import { readFileSync } from "node:fs";

import { globMatcher } from "../../../src/scan/globs.ts";
import { gemFixtures } from "./gem-fixtures.ts";

const FIXTURES = gemFixtures();

describe("a config/asset_sync.yml", () => {
  it.each(FIXTURES)("$name is imported as what stands in its .expected file", async ({ name, file, environment }) => {
    const made = await importGemConfig(file, environment, dirname(file));
    expect(checkConfig(made.config, name)).toEqual(made.config);
    await expect(configSource(made, `config/${name}.yml`)).toMatchFileSnapshot(
      join(import.meta.dirname, "expected", `${name}.txt`),
    );
  });

  it("is shown in at least 40 forms, with every option of the gem among them", () => {
    expect(FIXTURES.length).toBeGreaterThanOrEqual(40);
    const all = FIXTURES.map(({ file }) => readFileSync(file, "utf8")).join("\n");
    const belongsElsewhere = /^(rackspace|google|azure|b2)_/;
    const missing = [...Object.keys(MAPPED), ...Object.keys(IGNORED)].filter(
      (option) => !belongsElsewhere.test(option) && !new RegExp(`\\b${option}"?:`).test(all),
    );
    expect(missing).toEqual([]);
  });

  it.each([
    [{ cdn_distribution_id: "E1ABCDEF" }, "cdn_distribution_id"],
    [{ invalidate: ["robots.txt"] }, "invalidate"],
  ])("that says %j alone invalidates nothing, as with the gem, and is told so", (given, option) => {
    const values = gemValues({ fog_provider: "AWS", fog_directory: "shop", ...given }, "asset_sync.yml");
    const { config, notes } = gemConfig(values, {}, "asset_sync.yml");
    expect(config.cloudfront).toBeUndefined();
    expect(notes.map((one) => one.option)).toEqual([option]);
  });

  it.each([
    ["dist/public", "app", "dist/public"],
    ["FOLDER/app/public", "app", "public"],
    ["FOLDER/app", "app", "."],
    ["/srv/shop/public", "app", "/srv/shop/public"],
    ["public", ".", "app/public"],
  ])("with public_path %s, printed in %s, says %s", async (said, folder, printed) => {
    await using tree = await tempTree({});
    const yaml = `production:\n  fog_provider: AWS\n  fog_directory: shop\n  public_path: ${said}\n`;
    await tree.write({ "app/config/asset_sync.yml": yaml.replace("FOLDER", tree.path) });
    const file = join(tree.path, "app/config/asset_sync.yml");
    const { config } = await importGemConfig(file, { RAILS_ENV: "production" }, join(tree.path, folder));
    expect(config.publicDir).toBe(printed);
  });

  it("is printed as a file that loads where nothing is installed", async () => {
    await using tree = await tempTree({});
    const values = {
      fog_provider: "AWS",
      fog_directory: "shop",
      ignored_files: ["a.map"],
      cache_asset_regexps: ["-x"],
    };
    const made = gemConfig(gemValues(values, "asset_sync.yml"), {}, "asset_sync.yml");
    for (const name of ["asset-sync.config.mjs", "asset-sync.config.ts"]) {
      await tree.write({ [name]: configSource(made, "config/asset_sync.yml") });
      expect(await loadConfig(name, {}, tree.path)).toEqual(made.config);
    }
  });

  it("takes texts as the gem does: names whole, cache_asset_regexps as they stand, custom_headers as Regexp.new", () => {
    const said = {
      ignored_files: ["/foo/", "a/b.js", "x*.map"],
      cache_asset_regexps: ["a.b"],
      custom_headers: { "/foo/i": { cache_control: "no-cache" } },
    };
    const values = gemValues({ fog_provider: "AWS", fog_directory: "shop", ...said }, "asset_sync.yml");
    const { config, notes } = gemConfig(values, {}, "asset_sync.yml");
    expect(config.ignore).toEqual(["x\\*.map"]);
    expect(notes.map(({ option }) => option)).toEqual(['ignored_files, "/foo/"', 'ignored_files, "a/b.js"']);
    const [exact, header, cached] = (config.headers ?? []).map(({ match }) => globMatcher([String(match)]));
    expect([exact?.("assets/foo/i"), exact?.("assets/foo")]).toEqual([true, false]);
    expect([header?.("assets/foo/i.js"), header?.("assets/FOO.js")]).toEqual([true, false]);
    expect([cached?.("assets/a.b.js"), cached?.("assets/axb.js")]).toEqual([true, false]);
  });

  it("names each option that does nothing here once, with the reason", async () => {
    const { file, environment } = FIXTURES.find(({ name }) => name === "hooks-and-logs") ?? {
      file: "",
      environment: {},
    };
    const { notes } = await readGemConfig(file, environment);
    expect(notes.map(({ option }) => option)).toEqual([
      "aws_iam_roles",
      "run_on_precompile",
      "fail_silently",
      "log_silently",
    ]);
    expect(notes.every(({ note }) => note.length > 10)).toBe(true);
  });
});
