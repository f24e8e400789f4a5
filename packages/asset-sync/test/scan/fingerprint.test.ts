import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import { phaseOf } from "../../src/scan/asset-kind.ts";

const HEX = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

const BASE32 = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");

/** Hashes of this many bytes, the same in each run. */
const hash = (seed: number, bytes: number): Buffer =>
  createHash("sha512").update(`${seed}`).digest().subarray(0, bytes);
const hex =
  (bytes: number) =>
  (seed: number): string =>
    hash(seed, bytes).toString("hex");

describe("the share of real fingerprints that is recognised", () => {
  it.each<[string, (seed: number) => string, number, number]>([
    ["Propshaft", (seed) => `assets/a-${hex(4)(seed)}.js`, 97, 98.5],
    ["webpack, 8", (seed) => `packs/a.${hex(4)(seed)}.js`, 97, 98.5],
    ["webpack, 16", (seed) => `packs/a-${hex(8)(seed)}.js`, 99.8, 100],
    ["webpack, 20", (seed) => `packs/a-${hex(10)(seed)}.js`, 99.9, 100],
    ["Sprockets", (seed) => `assets/a-${hex(32)(seed)}.js`, 100, 100],
    ["esbuild", (seed) => `assets/a-${[...hash(seed, 8)].map((byte) => BASE32[byte % 32]).join("")}.js`, 68.5, 71],
    ["Vite", (seed) => `vite/assets/a-${hash(seed, 6).toString("base64url")}.js`, 100, 100],
    ["Vite elsewhere", (seed) => `assets/a-${hash(seed, 6).toString("base64url")}.js`, 79, 81.5],
  ])("%s", (_, keyOf, least, most) => {
    const count = 20_000;
    const seeds = Array.from({ length: count }, (__, seed) => seed);
    const share = (100 * seeds.filter((seed) => phaseOf(keyOf(seed)) === "fingerprinted").length) / count;
    expect(share).toBeGreaterThanOrEqual(least);
    expect(share).toBeLessThanOrEqual(most);
  });
});

describe("fingerprinted names", () => {
  it.each([
    ["Sprockets, MD5", `assets/application-${HEX.slice(0, 32)}.js`],
    ["Sprockets, SHA-256", `assets/admin/application-${HEX}.css`],
    ["Sprockets, packed", `assets/application-${HEX}.css.gz`],
    ["Sprockets, many dashes", `assets/a-b--c-d-${HEX}.png`],
    ["Sprockets, two endings", `assets/jquery-${HEX}.min.js`],
    ["Propshaft", "assets/application-1f3c9a2b.css"],
    ["Propshaft, digested before", "assets/chunk-AbCdEfG.digested.js"],
    ["Propshaft, source map", "assets/application-1f3c9a2b.js.map"],
    ["esbuild", "assets/chunk-AB3DEF2G.js"],
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
    "assets/icon-DOWNLOAD.svg",
    "assets/doc-TEMPLATE.html",
    "assets/icon-FAVORITE.png",
    "assets/theme-DARKBLUE.css",
    "assets/icon-VERSION2.svg",
    "assets/icon-3DMODELS.svg",
    "assets/report-31122024.pdf",
    "assets/x-20241301.js",
    "assets/x.20241301.js",
    "assets/invoice-10000001.pdf",
    "assets/scan-12345678.png",
    "assets/card-4111111111111111.png",
    "assets/order.41111111111111112222.pdf",
    "assets/plant-fabaceae.jpg",
    "assets/holiday-IMG_1234.jpg",
    "assets/photo-DSC00042.jpg",
    "assets/logo-iOSLight.svg",
    "assets/logo-DarkBLUE.svg",
    "assets/doc-READMEen.html",
    "assets/shot-Win10Pro.png",
    "assets/doc-Q3Report.pdf",
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
