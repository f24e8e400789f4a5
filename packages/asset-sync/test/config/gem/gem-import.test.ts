import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { checkConfig } from "../../../src/config/config-check.ts";
import { configSource } from "../../../src/config/config-source.ts";
import { gemConfig } from "../../../src/config/gem-config.ts";
import { gemValues } from "../../../src/config/gem-values.ts";
import { readGemConfig } from "../../../src/config/gem-file.ts";
import { IGNORED, MAPPED } from "../../../src/config/gem-options.ts";
import { readFileSync } from "node:fs";

import { gemFixtures } from "./gem-fixtures.ts";

const FIXTURES = gemFixtures();

describe("a config/asset_sync.yml", () => {
  it.each(FIXTURES)("$name is imported as what stands in its .expected file", async ({ name, file, environment }) => {
    const made = await readGemConfig(file, environment);
    expect(checkConfig(made.config, name)).toEqual(made.config);
    const { publicDir } = made.config;
    const config =
      publicDir === undefined ? made.config : { ...made.config, publicDir: publicDir.replace(join(file, ".."), ".") };
    await expect(configSource({ ...made, config }, `config/${name}.yml`)).toMatchFileSnapshot(
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
