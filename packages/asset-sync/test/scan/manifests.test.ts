import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { hasAddedHash, namedFiles } from "../../src/scan/manifest-content.ts";
import { scan, type Scan, type ScanOptions } from "../../src/scan/scan.ts";

const MD5 = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const SHA256 = MD5 + MD5;

async function scanOf(files: Readonly<Record<string, string>>, more: Partial<ScanOptions> = {}): Promise<Scan> {
  await using tree = await tempTree(files);
  return await scan({
    publicDir: tree.path,
    ignore: [],
    headers: [],
    sourceMaps: { kind: "public" },
    strict: false,
    ...more,
  });
}

async function phases(files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries((await scanOf(files)).assets.map(({ key, phase }) => [key, phase]));
}

describe("the files that a manifest names", () => {
  it("of Sprockets 2 to 4 are those of `assets`, not what older builds have left in `files`", () => {
    const text = JSON.stringify({
      files: { [`app-${SHA256}.js`]: { logical_path: "app.js", size: 1, digest: SHA256 }, "app-old.js": {} },
      assets: { "app.js": `app-${SHA256}.js`, "img/logo.png": `img/logo-${MD5}.png` },
    });
    const named = [
      { key: `assets/app-${SHA256}.js`, logical: "app.js" },
      { key: `assets/img/logo-${MD5}.png`, logical: "img/logo.png" },
    ];
    expect(namedFiles("assets/.sprockets-manifest-0f.json", text)).toEqual(named);
    expect(namedFiles(`assets/manifest-${MD5}.json`, text)).toEqual(named);
  });

  it("of Propshaft are texts, or objects where it writes integrity", () => {
    const old = '{"app.js":"app-1f3c9a2b.js"}';
    const now = '{"app.js":{"digested_path":"app-1f3c9a2b.js","integrity":"sha384-x"}}';
    const named = [{ key: "assets/app-1f3c9a2b.js", logical: "app.js" }];
    expect(namedFiles("assets/.manifest.json", old)).toEqual(named);
    expect(namedFiles("assets/.manifest.json", now)).toEqual(named);
  });

  it.each([
    ["/packs/js/app-3f1a2b4c5d6e7f809fab.js"],
    ["https://cdn.example.com/packs/js/app-3f1a2b4c5d6e7f809fab.js"],
    ["//cdn.example.com/below/packs/js/app-3f1a2b4c5d6e7f809fab.js?x"],
    ["js/app-3f1a2b4c5d6e7f809fab.js"],
    ["js/app-3f1a2b4c5d6e7f809fab.js?x"],
  ])("of Shakapacker have paths like %s", (path) => {
    const key = "packs/js/app-3f1a2b4c5d6e7f809fab.js";
    expect(namedFiles("packs/manifest.json", JSON.stringify({ "app.js": path }))).toEqual([{ key, logical: "app.js" }]);
    const text = JSON.stringify({
      "app.js": { src: path, integrity: "sha384-x" },
      entrypoints: { app: { assets: { js: [path], css: [] } } },
    });
    expect(namedFiles("packs/manifest.json", text)).toEqual([{ key, logical: "app.js" }, { key }]);
  });

  it.each([["vite/.vite/manifest.json"], ["vite/manifest.json"], ["vite/.vite/manifest-assets.json"]])(
    "of Vite in %s lie below the output folder, styles and images with them",
    (manifest) => {
      const text = JSON.stringify({
        "entrypoints/app.ts": { file: "assets/app-B7-x_9Za.js", css: ["assets/app-Dk3kd0Zq.css"], isEntry: true },
        "_shared-DmQ2kK9a.js": { file: "assets/shared-DmQ2kK9a.js", name: "shared", assets: ["assets/a-C2bqM1zT.png"] },
      });
      expect(namedFiles(manifest, text)).toEqual([
        { key: "vite/assets/app-B7-x_9Za.js", logical: "entrypoints/app.ts" },
        { key: "vite/assets/app-Dk3kd0Zq.css" },
        { key: "vite/assets/shared-DmQ2kK9a.js", logical: "shared" },
        { key: "vite/assets/a-C2bqM1zT.png" },
      ]);
    },
  );

  it.each([
    ["[]"],
    ["null"],
    ["7"],
    ['{"a":null,"b":[],"c":{"file":7},"entrypoints":[{"assets":7}]}'],
    ['{"name":"Shop","icons":[]}'],
  ])("are none in %s", (text) => {
    expect(namedFiles("packs/manifest.json", text)).toEqual([]);
  });
});

describe("a hash that was added", () => {
  it.each([
    ["app.js", "assets/app-deadfeed1.js"],
    ["app.js", "assets/app-1234567.digested.js"],
    ["logo.png", "packs/static/logo-DOWNLOAD.png"],
    ["app.js.map", `assets/app-${MD5}.js.map`],
    ["entrypoints/app.ts", "vite/assets/app-B7-x_9Za.js"],
    ["vendor.js", "packs/js/vendor-c2d7d0f1.chunk.js"],
  ])("is seen from %s to %s", (logical, key) => {
    expect(hasAddedHash({ key, logical })).toBe(true);
  });

  it.each([
    ["app.js", "packs/js/app.js"],
    ["entrypoints/app.ts", "vite/assets/app.js"],
    ["vendor.js", "packs/js/vendor.chunk.js"],
    ["app.js", "packs/js/app-bundle.js"],
    ["app.js", "packs/js/application-1f3c9a2b.js"],
    ["", "packs/js/app-1f3c9a2b.js"],
  ])("is not seen from %s to %s", (logical, key) => {
    expect(hasAddedHash({ key, logical })).toBe(false);
  });
});

describe("phases, with manifests", () => {
  it("are exact for names that no rule of names can tell, of all tools at once", async () => {
    const found = await phases({
      "assets/.manifest.json": '{"years.js":"years-20240131.js"}',
      "assets/years-20240131.js": "y",
      "assets/report-20240131.pdf": "named by nothing",
      "packs/manifest.json": '{"word.js":"/packs/word-a1bacada.js","dev.js":"/packs/dev.js"}',
      "packs/word-a1bacada.js": "w",
      "packs/dev.js": "d",
      "vite/.vite/manifest.json": '{"src/main.ts":{"file":"main-Download1.js"}}',
      "vite/main-Download1.js": "m",
      "vite/main-Download1.js.map": "{}",
      "vite/main-Download1.js.br": "b",
    });
    expect(found).toEqual({
      "assets/.manifest.json": "manifest",
      "assets/years-20240131.js": "fingerprinted",
      "assets/report-20240131.pdf": "plain",
      "packs/manifest.json": "manifest",
      "packs/word-a1bacada.js": "fingerprinted",
      "packs/dev.js": "plain",
      "vite/.vite/manifest.json": "manifest",
      "vite/main-Download1.js": "fingerprinted",
      "vite/main-Download1.js.map": "fingerprinted",
      "vite/main-Download1.js.br": "fingerprinted",
    });
  });

  it("take a web app manifest that another manifest names for an asset, and say so", async () => {
    const webApp = `assets/manifest-${MD5}.json`;
    const { assets, findings } = await scanOf({
      "assets/.sprockets-manifest-0f.json": JSON.stringify({
        files: {},
        assets: { "manifest.json": `manifest-${MD5}.json` },
      }),
      [webApp]: '{"name":"Shop","icons":[]}',
    });
    expect(assets.find(({ key }) => key === webApp)).toMatchObject({
      phase: "fingerprinted",
      headers: { "cache-control": "public, max-age=31536000, immutable" },
    });
    expect(findings).toEqual([{ kind: "no manifest", file: webApp }]);
  });
});

describe("the closure check", () => {
  const BROKEN = {
    "assets/.manifest.json": '{"app.js":"app-1f3c9a2b.js","gone.js":"gone-1f3c9a2b.js"}',
    "assets/app-1f3c9a2b.js": "run()\n//# sourceMappingURL=app-1f3c9a2b.js.map",
    "assets/app-0a1b2c3d.css": `@import "reset.css"; @font-face { src: url("fonts/a%20b.woff2?v=1#x"), url(/assets/there.svg) }
      a { background: url( 'data:image/svg+xml,<svg/>' ) } b { background: url(https://elsewhere/x.png) }
      /* url(comment.png) */ c { background: url(../elsewhere/x.png) } d { filter: url(#shadow) }`,
    "assets/there.svg": "<svg/>",
    "packs/manifest.json": "{",
  };

  it("names what manifests, stylesheets and scripts ask for and the build does not have", async () => {
    const { findings } = await scanOf(BROKEN);
    expect(findings.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))).toEqual([
      { kind: "missing", file: "assets/.manifest.json", names: "assets/gone-1f3c9a2b.js" },
      { kind: "missing", file: "assets/app-0a1b2c3d.css", names: "assets/fonts/a b.woff2" },
      { kind: "missing", file: "assets/app-0a1b2c3d.css", names: "assets/reset.css" },
      { kind: "missing", file: "assets/app-1f3c9a2b.js", names: "assets/app-1f3c9a2b.js.map" },
      { kind: "unreadable", file: "packs/manifest.json", reason: expect.stringContaining("JSON") },
    ]);
  });

  it("is an error with strict", async () => {
    await expect(scanOf(BROKEN, { strict: true })).rejects.toMatchObject({
      code: "ASSET_SYNC_INCOMPLETE",
      exitCode: 3,
      message: expect.stringContaining("assets/.manifest.json names assets/gone-1f3c9a2b.js, which is not there"),
    });
  });

  it("finds nothing in a build that is whole, nor in files that are ignored or dropped knowingly", async () => {
    const whole = { ...BROKEN, "assets/.manifest.json": "{}", "packs/manifest.json": "{}", "assets/reset.css": "" };
    const { findings } = await scanOf(
      {
        ...whole,
        "assets/fonts/a b.woff2": "f",
        "assets/app-1f3c9a2b.js.map": "{}",
        "assets/draft.css": "@import 'nothing.css'",
      },
      { sourceMaps: { kind: "drop" }, ignore: ["draft.css"], strict: true },
    );
    expect(findings).toEqual([]);
  });
});
