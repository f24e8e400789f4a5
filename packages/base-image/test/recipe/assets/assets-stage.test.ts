import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { surveyApp } from "../../../src/recipe/assets/app-survey.ts";
import { assetInputs } from "../../../src/recipe/assets/asset-inputs.ts";
import { bootsnapFolders, copyAssetInputs } from "../../../src/recipe/assets/assets-stage.ts";
import { renderDockerfile } from "../../../src/stage/dockerfile.ts";
import { defineImage } from "../../../src/stage/image.ts";
import { stageInputs } from "../../../src/stage/inputs.ts";
import { stage } from "../../../src/stage/stage.ts";
import { rejection } from "../../rejection.ts";
import { app } from "./apps.ts";

const inputs = assetInputs(app({ "app/assets/a.css": "", "config/importmap.rb": "" }));
const gems = stage("gems", "debian").workdir("/app").copy(["Gemfile", "Gemfile.lock"], "./");
const assets = stage("assets", gems).with(copyAssetInputs(inputs)).run("bin/rails assets:precompile");
const definition = defineImage({ name: "x", context: ".", stages: [gems, assets] });

describe("copyAssetInputs", () => {
  it("copies a row after the other, each under its reason, and leaves what a stage below has taken", () => {
    const { text } = renderDockerfile(definition);
    expect(text.slice(text.indexOf("FROM gems"))).toBe(`FROM gems AS assets
# The JavaScript packages are in the bundles, and compile them
COPY package.json ./

# Rails starts before it compiles
COPY Rakefile ./
COPY config/boot.rb config/application.rb config/environment.rb config/
COPY config/environments/production.rb config/environments/
COPY bin/rails bin/

# The configuration of what compiles, bundles and translates
COPY config/importmap.rb config/

# The assets' own sources
COPY app/assets/ app/assets/
RUN bin/rails assets:precompile
`);
  });

  it("lets the list of inputs say why each is there", () => {
    const found = stageInputs(definition).find(({ stage: name }) => name === "assets");
    expect(found?.reasons["config/environments/production.rb"]).toBe("Rails starts before it compiles");
  });
});

describe("bootsnapFolders", () => {
  it("are those that hold Ruby or YAML", () => {
    const survey = app({
      "app/javascript/a.js": "",
      "app/jobs/deep/x.rb": "",
      "lib/x.rb": "",
      "app/views/a.yml.erb": "",
    });
    expect(bootsnapFolders(survey)).toEqual(["app/controllers", "app/jobs", "app/models", "config", "lib"]);
  });
});

describe("surveyApp", () => {
  it("knows files, texts, gems and packages, and leaves out what is no source or ignored", async () => {
    await using tree = await tempTree({
      ".dockerignore": "/docs\n",
      ".env": "KEY=1",
      ".git/HEAD": "",
      "Gemfile.lock": "GEM\n  specs:\n    propshaft (1.3.2)\n      rack\n",
      "app/assets/builds/application.js": "",
      "app/assets/builds/.keep": "",
      "config/master.key": "",
      "docs/x.md": "",
      "engines/a/node_modules/x/index.js": "",
      "node_modules/x/index.js": "",
      "package.json": '{ "devDependencies": { "esbuild": "0.28.2" } }',
      "public/assets/a-1.js": "",
    });
    const survey = surveyApp(tree.path);
    expect(survey.files).toEqual([".dockerignore", "Gemfile.lock", "app/assets/builds/.keep", "package.json"]);
    expect(survey.gems).toEqual(new Map([["propshaft", "1.3.2"]]));
    expect(survey.packages).toEqual(new Map([["esbuild", "0.28.2"]]));
    expect(survey.texts.get("package.json")).toContain("esbuild");
  });

  it("is not misled by a .dockerignore that lets only some paths through", async () => {
    await using tree = await tempTree({ ".dockerignore": "*\n!Gemfile\n", "tailwind.config.js": "" });
    expect(surveyApp(tree.path).files).toEqual([".dockerignore", "tailwind.config.js"]);
  });

  it("refuses a folder that is not there", async () => {
    const absent = await rejection(async () => surveyApp("/nowhere"));
    expect(absent).toMatchObject({ code: "BASE_IMAGE_FOLDER_UNREADABLE", exitCode: 2 });
  });

  it.each([
    ["package.json", "{", "package.json is not JSON"],
    ["package.json", "null", "package.json is null; expected a JSON object"],
    [".dockerignore/x", "", ".dockerignore cannot be read"],
  ])("refuses %s with %j", async (file, text, message) => {
    await using tree = await tempTree({ [file]: text });
    const error = await rejection(async () => surveyApp(tree.path));
    expect(error.code).toBe("BASE_IMAGE_FOLDER_UNREADABLE");
    expect(error.message).toContain(message);
  });
});
