import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { checkConfig } from "../../../src/config/config-check.ts";
import { configSource } from "../../../src/config/config-source.ts";
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
