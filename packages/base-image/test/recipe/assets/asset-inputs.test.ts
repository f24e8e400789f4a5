import { describe, expect, it } from "vitest";

import type { AppSurvey } from "../../../src/recipe/assets/app-survey.ts";
import { assetInputs } from "../../../src/recipe/assets/asset-inputs.ts";
import { INPUT_ROWS } from "../../../src/recipe/assets/input-rows.ts";
import { rejection } from "../../rejection.ts";
import { ALWAYS, app } from "./apps.ts";

/** The paths beside those that every application has. */
function beside(survey: AppSurvey): readonly string[] {
  return assetInputs(survey)
    .map(({ path }) => path)
    .filter((path) => !ALWAYS.includes(path))
    .toSorted();
}

/** What an application of each kind needs beside what all of them need. */
const KINDS: readonly (readonly [string, AppSurvey, readonly string[]])[] = [
  ["nothing but Rails", app({}), []],
  [
    "Sprockets",
    app({
      "app/assets/config/manifest.js": "//= link_tree ../images\n//= link_directory ../../components .css",
      "app/assets/images/a.png": "",
      "app/components/card.css": "",
      "config/initializers/assets.rb": 'Rails.application.config.assets.version = "1.0"',
      "lib/assets/x.js": "",
      "vendor/assets/javascripts/y.js": "",
    }),
    ["app/assets", "app/components", "config/initializers/assets.rb", "lib/assets", "vendor/assets"],
  ],
  [
    "Propshaft with paths of its own",
    app({
      "app/assets/a.css": "",
      "app/components/card/card.css": "",
      "config/initializers/assets.rb": 'Rails.application.config.assets.paths << Rails.root.join("app", "components")',
    }),
    ["app/assets", "app/components", "config/initializers/assets.rb"],
  ],
  [
    "importmap",
    app({
      "app/javascript/application.js": "",
      "app/widgets/clock.js": "",
      "config/importmap.rb": 'pin "application"\npin_all_from "app/widgets", under: "widgets"',
      "bin/importmap": "",
      "vendor/javascript/turbo.js": "",
    }),
    ["app/javascript", "app/widgets", "bin/importmap", "config/importmap.rb", "vendor/javascript"],
  ],
  [
    "jsbundling with a script of its own",
    app({
      "package.json": '{ "scripts": { "build": "node ./build/esbuild.mjs --outdir=public/x" } }',
      "build/esbuild.mjs": 'import { plugins } from "./plugins.js"; import fs from "node:fs";',
      "build/plugins.js": "",
      "public/x/404.html": "",
      "app/javascript/application.js": 'import data from "../../config/data.json"',
      "config/data.json": "{}",
    }),
    ["app/javascript", "build/esbuild.mjs", "build/plugins.js", "config/data.json"],
  ],
  [
    "Shakapacker",
    app({
      "app/client/packs/a.js": "",
      "bin/shakapacker": "",
      "config/shakapacker.yml": "default: &default\n  source_path: app/client\n",
      "config/webpack/webpack.config.js": 'require("../../lib/loader")',
      "lib/loader.js": "",
      "babel.config.js": "",
      "tsconfig.json": "",
    }),
    "app/client babel.config.js bin/shakapacker config/shakapacker.yml config/webpack lib/loader.js tsconfig.json".split(
      " ",
    ),
  ],
  [
    "vite_rails",
    app({
      "app/frontend/entrypoints/a.ts": "",
      "app/components/b.ts": "",
      "bin/vite": "",
      "config/vite.json":
        '{ "all": { "sourceCodeDir": "app/frontend", "watchAdditionalPaths": ["app/components/**/*"] } }',
      "vite.config.ts": "",
    }),
    ["app/components", "app/frontend", "bin/vite", "config/vite.json", "vite.config.ts"],
  ],
  [
    "translations in JavaScript",
    app({ "config/i18n.yml": "", "config/locales/en.yml": "" }, { gems: { "i18n-js": "4.2.3" } }),
    ["config/i18n.yml", "config/locales"],
  ],
  [
    "routes in JavaScript",
    app({ "config/routes/admin.rb": "" }, { gems: { "js-routes": "2.2.8" } }),
    ["config/routes", "config/routes.rb"],
  ],
  [
    "assets with ERB that know addresses only",
    app({ "app/assets/a.css.erb": 'a { background: url(<%= asset_path("b.png") %>) } /* <%= Rails.env %> */' }),
    ["app/assets"],
  ],
  [
    "assets with ERB that know models",
    app({ "app/assets/a.js.erb": "export default <%= Post::KINDS.to_json %>", "lib/x.rb": "" }),
    ["app", "config", "lib"],
  ],
  [
    "a gem of the application",
    app({ "Gemfile.lock": "PATH\n  remote: engines/shop\n  specs:\n", "engines/shop/shop.gemspec": "" }),
    ["engines/shop"],
  ],
  [
    "configuration in several files",
    app({
      "config/application.rb":
        'require_relative "boot"\nrequire_relative "../lib/early"\nconfig.x.a = config_for(:shop)',
      "config/environments/production.rb": 'require "late"',
      "config/shop.yml": "",
      "lib/early.rb": 'require_relative "earlier"',
      "lib/earlier.rb": "",
      "lib/late.rb": "",
      "lib/never.rb": "",
      "lib/tasks/hook.rake": "",
    }),
    ["config/shop.yml", "lib/earlier.rb", "lib/early.rb", "lib/late.rb", "lib/tasks"],
  ],
];

describe("assetInputs", () => {
  it.each(KINDS)("of %s", (_name, survey, expected) => {
    expect(beside(survey)).toEqual(expected);
    expect(assetInputs(survey).map(({ path }) => path)).toEqual(
      expect.arrayContaining(ALWAYS.filter((path) => !expected.some((folder) => path.startsWith(`${folder}/`)))),
    );
  });

  it("gives every path the row it belongs to and its reason", () => {
    const inputs = assetInputs(app({ "app/assets/a.css": "", "yarn.lock": "" }));
    expect(inputs).toContainEqual({
      path: "yarn.lock",
      kind: "file",
      row: "packages",
      reason: INPUT_ROWS.find(({ name }) => name === "packages")?.reason,
    });
    expect(inputs.find(({ path }) => path === "app/assets")).toMatchObject({ kind: "folder", row: "sources" });
  });

  it("takes what the definition names beside, and refuses what is not there", async () => {
    const survey = app({ "config/settings/production.yml": "" });
    expect(assetInputs(survey, { also: ["config/settings/"] })).toContainEqual(
      expect.objectContaining({ path: "config/settings", kind: "folder", row: "also" }),
    );
    const error = await rejection(async () => assetInputs(survey, { also: ["config/setings"] }));
    expect(error).toMatchObject({ code: "BASE_IMAGE_INVALID_VALUE" });
    expect(error.message).toContain('"config/setings"');
  });

  it("has rows with a name and a reason each of their own", () => {
    expect(new Set(INPUT_ROWS.map(({ name }) => name)).size).toBe(INPUT_ROWS.length);
    expect(new Set(INPUT_ROWS.map(({ reason }) => reason)).size).toBe(INPUT_ROWS.length);
  });
});
