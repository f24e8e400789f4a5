import { describe, expect, it } from "vitest";

import { assetInputs } from "../../../src/recipe/assets/asset-inputs.ts";
import { tailwindContent } from "../../../src/recipe/assets/tailwind.ts";
import { app } from "./apps.ts";

const THREE = { gems: { "tailwindcss-rails": "3.3.1", "tailwindcss-ruby": "3.4.17" } };
const FOUR = { gems: { "tailwindcss-rails": "4.2.1", "tailwindcss-ruby": "4.1.4" } };
const SHEET = "app/assets/tailwind/application.css";

describe("what Tailwind 3 reads", () => {
  it.each([
    [
      '["./public/*.html", "./app/helpers/**/*.rb", "./app/views/**/*.{erb,haml,html,slim}"]',
      "public app/helpers app/views",
    ],
    ["{ relative: true, files: ['../app/views/**/*.erb'] }", "app/views"],
    ['["./app/{components,views}/**/*.rb", "!./app/views/admin/**"]', "app/components app/views"],
    ['[\n  // "./gone/**"\n  "./app/views/**/*.erb", /* "./gone" */\n]', "app/views"],
    [
      '["./node_modules/flowbite/**/*.js", "../outside.html", "./app/javascript/**/*.js"]',
      "outside.html app/javascript",
    ],
    ['["./**/*.erb"]', "."],
    ["[...shared, './app/views/**/*.erb']", "."],
    ["[`${gem}/app/**/*.rb`]", "."],
  ])("%s", (content, expected) => {
    const survey = app({ "config/tailwind.config.js": `module.exports = { content: ${content}, theme: {} }` }, THREE);
    expect(tailwindContent(survey).join(" ")).toBe(expected);
  });

  it("is unknown without a configuration, and nothing without Tailwind", () => {
    expect(tailwindContent(app({}, THREE))).toEqual(["."]);
    expect(tailwindContent(app({ "tailwind.config.js": "content: ['./app']" }))).toEqual([]);
  });

  it("is known by the package too", () => {
    const survey = app(
      { "tailwind.config.js": 'export default { content: ["app/views/**/*"] }' },
      { packages: { tailwindcss: "^3.4.0" } },
    );
    expect(tailwindContent(survey)).toEqual(["app/views"]);
  });
});

describe("what Tailwind 4 reads", () => {
  it.each([
    ['@import "tailwindcss";', "."],
    [
      "@import 'tailwindcss' source(none);\n@source \"../../views\";\n@source '../../helpers/**/*.rb';",
      "app/views app/helpers",
    ],
    ['@import "tailwindcss" source("../../../app/views");', "app/views"],
    [
      '@import "tailwindcss" source("../../views");\n@source not "../../views/x";\n@source inline("underline");',
      "app/views",
    ],
    ['@import "tailwindcss" source(none);\n@config "../../../config/tailwind.config.js";', "app/components"],
  ])("%s", (sheet, expected) => {
    const config = 'module.exports = { content: ["./app/components/**/*.rb"] }';
    expect(tailwindContent(app({ [SHEET]: sheet, "config/tailwind.config.js": config }, FOUR)).join(" ")).toBe(
      expected,
    );
  });

  it("is the whole application by default: its top, folder by folder", () => {
    const paths = assetInputs(app({ [SHEET]: '@import "tailwindcss";' }, FOUR)).map(({ path }) => path);
    expect(paths.toSorted()).toEqual(
      [
        "Gemfile",
        "Gemfile.lock",
        "README.md",
        "Rakefile",
        "app",
        "bin",
        "config",
        "db",
        "package.json",
        "test",
      ].toSorted(),
    );
  });
});
