import { describe, expect, it } from "vitest";

import { phaseOf } from "../../src/scan/asset-kind.ts";

const HEX = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

describe("fingerprinted names", () => {
  it.each([
    ["Sprockets, MD5", `assets/application-${HEX.slice(0, 32)}.js`],
    ["Sprockets, SHA-256", `assets/admin/application-${HEX}.css`],
    ["Sprockets, packed", `assets/application-${HEX}.css.gz`],
    ["Sprockets, many dashes", `assets/a-b--c-d-${HEX}.png`],
    ["Sprockets, two endings", `assets/jquery-${HEX}.min.js`],
    ["Propshaft", "assets/application-1f3c9a2b.css"],
    ["Propshaft, numbers only", "assets/application-12345678.css"],
    ["Propshaft, digested before", "assets/chunk-AbCdEfG.digested.js"],
    ["Propshaft, source map", "assets/application-1f3c9a2b.js.map"],
    ["esbuild", "assets/chunk-ABCDEF23.js"],
    ["esbuild, letters only", "assets/chunk-QWERTZUI.js"],
    ["webpack", "packs/js/application-3f1a2b4c5d6e7f809fab.js"],
    ["webpack, chunk", "packs/js/42-3f1a2b4c5d6e7f809fab.chunk.js"],
    ["webpack, dotted", "packs/static/main.3f1a2b4c.js"],
    ["Shakapacker, packed", "packs/css/application-1a2b3c4d.css.br"],
    ["Vite", "assets/index-BxK9_2fa.js"],
    ["Vite, dash inside", "assets/index-Bx-9Q2fa.css"],
    ["Vite, in its own folder", "vite/assets/application-carousel.js"],
    ["Vite, test environment", "vite-test/assets/application-Dk3sKq1a.js.map"],
  ])("%s: %s", (_, key) => {
    expect(phaseOf(key)).toBe("fingerprinted");
  });

  it.each([
    "assets/application.js",
    "assets/bootstrap-carousel.css",
    "assets/page-section2.css",
    "assets/icon-MyButton.svg",
    "assets/theme-darkMode.css",
    "assets/Card-Section2.js",
    "assets/main-my_style.css",
    "assets/icon-16x16.png",
    "assets/photo-20240131.jpg",
    "assets/jquery-ui-1.12.1.min.js",
    "assets/font-awesome.woff2",
    "assets/deadbeef.js",
    "assets/app-1f3c9a2.js",
    "assets/robots.txt",
  ])("plain: %s", (key) => {
    expect(phaseOf(key)).toBe("plain");
  });

  it.each([
    "assets/.manifest.json",
    `assets/.sprockets-manifest-${HEX.slice(0, 32)}.json`,
    `assets/manifest-${HEX.slice(0, 32)}.json`,
    "packs/manifest.json",
    "packs-test/manifest.json.gz",
    "vite/.vite/manifest.json",
    "vite/.vite/manifest-assets.json",
    "vite/manifest-assets.json",
  ])("a manifest, whatever its name holds: %s", (key) => {
    expect(phaseOf(key)).toBe("manifest");
  });
});
