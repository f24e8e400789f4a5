import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { loadConfig } from "../../src/config/config-file.ts";
import type { AssetSyncConfig } from "../../src/config/definition.ts";
import { resolveOptions, type Flags } from "../../src/config/options.ts";

const HERE = "/srv/app";
const GIVEN = { to: "s3://shop-assets", release: "v1" };

async function load(files: Readonly<Record<string, string>>, named?: string): Promise<AssetSyncConfig> {
  await using tree = await tempTree(files);
  return await loadConfig(named, {}, tree.path);
}

describe("a configuration file", () => {
  it("may be TypeScript, JavaScript or JSON, and need not be there", async () => {
    const source = 'export default { to: "s3://shop-assets", dirs: ["assets"] }';
    const expected = { to: "s3://shop-assets", dirs: ["assets"] };
    expect(await load({ "asset-sync.config.ts": `${source} satisfies object;` })).toEqual(expected);
    expect(await load({ "asset-sync.config.mts": `${source} as const;` })).toEqual(expected);
    expect(await load({ "asset-sync.config.mjs": source })).toEqual(expected);
    expect(await load({ "asset-sync.config.json": JSON.stringify(expected) })).toEqual(expected);
    expect(await load({})).toEqual({});
  });

  it.each([
    ["asset-sync.config.ts", 'export default { to: "s3://shop-assets" };'],
    ["asset-sync.config.mjs", 'export default { to: "s3://shop-assets" };'],
    ["asset-sync.config.json", '{ "to": "s3://shop-assets" }'],
  ])("may begin with a byte order mark: %s", async (name, text) => {
    expect(await load({ [name]: `\uFEFF${text}` })).toEqual({ to: "s3://shop-assets" });
  });

  it("has its paths relative to itself", async () => {
    const config = { to: "file://../store", publicDir: "../public", receipt: "receipt.json" };
    await using tree = await tempTree({ "deploy/assets.json": JSON.stringify(config) });
    expect(await loadConfig("deploy/assets.json", {}, tree.path)).toEqual({
      to: pathToFileURL(join(tree.path, "store")).href,
      publicDir: join(tree.path, "public"),
      receipt: join(tree.path, "deploy/receipt.json"),
    });
    const variable = { ASSET_SYNC_CONFIG: "deploy/assets.json" };
    expect(await loadConfig(undefined, variable, tree.path)).toHaveProperty("receipt");
  });

  it("that is no JSON is not quoted", async () => {
    const refused = await load({ "asset-sync.config.json": '{"to": "s3://a", hunter2}' }).catch(
      (error: unknown) => error,
    );
    expect(String(refused)).toMatch(/asset-sync\.config\.json: it cannot be loaded: it is not JSON/);
    expect(String(refused)).not.toContain("hunter2");
  });

  it.each<[string, unknown, RegExp]>([
    ["an unknown key", { bucket: "shop" }, /"bucket" is not known; expected one of enabled, to, /],
    ["a misspelt key", { heders: [] }, /"heders" is not known; did you mean headers\?$/],
    ["a key of every object's own", { constructor: 1 }, /"constructor" is not known/],
    ["a list", [], /its content is \[\], expected an object/],
    ["nothing", null, /its content is null/],
    ["a target that is a number", { to: 7 }, /to is 7: expected a text/],
    ["an empty target", { to: "" }, /to is "": expected a text/],
    ["dirs that are one text", { dirs: "assets" }, /dirs is "assets": expected a list of texts/],
    ["a truth that is a text", { pathStyle: "false" }, /pathStyle is "false": expected true or false/],
    ["a strictness that is a text", { strict: "false" }, /strict is "false": expected true or false/],
    ["an unknown encoding", { compress: ["gz"] }, /compress is \["gz"\]: expected a list of br and gzip/],
    ["an encoding alone", { compress: true }, /compress is true: expected a list/],
    ["an unknown fate of source maps", { sourceMaps: "hide" }, /expected public, drop or private:PREFIX/],
    ["a private prefix that leads elsewhere", { sourceMaps: "private:../x" }, /expected public, drop or private/],
    ["a private prefix in the ledger's folder", { sourceMaps: "private:.asset-sync/x" }, /keeps its ledger/],
    ["no requests at all", { maxRequests: 0 }, /maxRequests is 0: expected a whole number/],
    ["a rule without headers", { headers: [{ match: "*" }] }, /headers, row 1: it has no headers/],
    ["a rule that is a text", { headers: ["*: x"] }, /row 1: "\*: x", expected \{ match, headers \}/],
    ["a misspelt part of a rule", { headers: [{ match: "*", headers: {}, heders: {} }] }, /did you mean headers\?/],
    ["a misspelt header", rule({ "cache-controll": "x" }), /"cache-controll" is not known; did you mean cache-control/],
    ["an encoding as header", rule({ "content-encoding": "br" }), /"content-encoding" is not known/],
    ["a header with a line break", rule({ "content-type": "a\r\nb" }), /expected printable ASCII/],
    ["a regular expression without an end", { ignore: ["*.psd", "/(/"] }, /ignore is .*: Invalid regular expression/],
    ["a regular expression of unknown flags", { ignore: ["/a/x"] }, /no key begins with a slash/],
    [
      "a rule for paths from the root",
      { headers: [{ match: "/assets/a", headers: {} }] },
      /no key begins with a slash/,
    ],
    ["a header of blanks", rule({ "content-type": " " }), /expected printable ASCII/],
    ["a header that is a number", rule({ "cache-control": 60 }), /cache-control is 60: expected printable ASCII/],
  ])("with %s is refused", async (_, content, reason) => {
    await expect(load({ "asset-sync.config.json": JSON.stringify(content) })).rejects.toMatchObject({
      code: "ASSET_SYNC_CONFIG_INVALID",
      exitCode: 2,
      message: expect.stringMatching(reason),
    });
  });

  it.each([
    ["is no JSON", { "asset-sync.config.json": "{" }, undefined, /asset-sync\.config\.json: it cannot be loaded/],
    ["is no JavaScript", { "asset-sync.config.mjs": "export defalt" }, undefined, /it cannot be loaded: /],
    ["throws", { "asset-sync.config.mjs": "throw new Error('no bucket')" }, undefined, /Error: no bucket/],
    ["exports nothing", { "asset-sync.config.mjs": "export const a = 1" }, undefined, /no default export/],
    ["is named and not there", {}, "other.json", /other\.json: it cannot be loaded/],
    [
      "is one of two",
      { "asset-sync.config.ts": "", "asset-sync.config.json": "" },
      undefined,
      /more than one configuration .*asset-sync\.config\.ts, asset-sync\.config\.json/,
    ],
  ])("that %s is refused", async (_, files, named, reason) => {
    await expect(load(files, named)).rejects.toMatchObject({
      code: "ASSET_SYNC_CONFIG_INVALID",
      message: expect.stringMatching(reason),
    });
  });
});

describe("precedence: flag over variable over file over default", () => {
  const file: AssetSyncConfig = {
    to: "s3://from-file/pre",
    region: "file-1",
    release: "file",
    receipt: "/file/receipt.json",
    compress: ["br"],
    sourceMaps: "drop",
    strict: true,
    maxRequests: 10,
  };
  const environment = {
    ASSET_SYNC_TO: "s3://from-variable",
    ASSET_SYNC_REGION: "variable-1",
    ASSET_SYNC_RELEASE: "variable",
    ASSET_SYNC_RECEIPT: "variable.json",
    ASSET_SYNC_COMPRESS: "gzip",
    ASSET_SYNC_SOURCE_MAPS: "private:maps",
    ASSET_SYNC_STRICT: "false",
    ASSET_SYNC_MAX_REQUESTS: "20",
    AWS_REGION: "aws-1",
  };
  const flags: Flags = {
    to: "s3://from-flag",
    region: "flag-1",
    release: "flag",
    receipt: "flag.json",
    compress: "gzip, br",
    sourceMaps: "public",
    strict: true,
    maxRequests: "30",
  };

  it("a flag wins", () => {
    expect(resolveOptions("public", { ...flags, file }, environment, HERE)).toMatchObject({
      target: { url: "s3://from-flag", region: "flag-1" },
      release: "flag",
      receipt: "/srv/app/flag.json",
      compress: ["br", "gzip"],
      sourceMaps: { kind: "public" },
      strict: true,
      maxRequests: 30,
    });
  });

  it("a variable comes next", () => {
    expect(resolveOptions("public", { file }, environment, HERE)).toMatchObject({
      target: { url: "s3://from-variable", region: "variable-1" },
      release: "variable",
      receipt: "/srv/app/variable.json",
      compress: ["gzip"],
      sourceMaps: { kind: "private", prefix: "maps/" },
      strict: false,
      maxRequests: 20,
    });
  });

  it("then the file, also over what the AWS variables say to all programs", () => {
    expect(resolveOptions(undefined, { file }, { AWS_REGION: "aws-1" }, HERE)).toMatchObject({
      target: { url: "s3://from-file/pre", region: "file-1" },
      release: "file",
      receipt: "/file/receipt.json",
      compress: ["br"],
      sourceMaps: { kind: "drop" },
      strict: true,
      maxRequests: 10,
    });
  });

  it("a path style is the file's unless said otherwise", () => {
    const pathStyle = { ...GIVEN, file: { pathStyle: true } };
    expect(resolveOptions(undefined, pathStyle, {}, HERE).target).toMatchObject({ pathStyle: true });
    const variable = { ASSET_SYNC_PATH_STYLE: "false" };
    expect(resolveOptions(undefined, pathStyle, variable, HERE).target).not.toHaveProperty("pathStyle");
  });

  it("nothing is compressed, dropped or limited unless asked for", () => {
    const options = resolveOptions(undefined, GIVEN, {}, HERE);
    expect(options).toMatchObject({ compress: [], sourceMaps: { kind: "public" }, strict: false, headers: [] });
    expect(options).not.toHaveProperty("maxRequests");
  });

  it("globs and header rules add up, those of flags first", () => {
    const rules = { ignore: ["*.psd"], headers: [{ match: "*", headers: { "content-language": "de" } }] };
    const given = { ...GIVEN, ignore: ["*.ai"], header: ["*.pdf: Content-Disposition=attachment"] };
    expect(resolveOptions(undefined, { ...given, file: rules }, {}, HERE)).toMatchObject({
      ignore: ["*.ai", "*.psd"],
      headers: [{ match: "*.pdf", headers: { "content-disposition": "attachment" } }, ...rules.headers],
    });
  });

  it("makes one row of header flags with the same glob", () => {
    const header = ["*.txt: Cache-Control=public, max-age=60", "*.txt: Content-Type=text/plain; charset=utf-8"];
    expect(resolveOptions(undefined, { ...GIVEN, header }, {}, HERE).headers).toEqual([
      {
        match: "*.txt",
        headers: { "cache-control": "public, max-age=60", "content-type": "text/plain; charset=utf-8" },
      },
    ]);
  });
});

describe("a wrong value never becomes a default", () => {
  it.each<[Flags, Readonly<Record<string, string>>, RegExp]>([
    [{ header: ["*.pdf Cache-Control=x"] }, {}, /--header "\*\.pdf Cache-Control=x": expected GLOB: Name=value/],
    [{ header: ["*.pdf: Cache-Contrl=x"] }, {}, /"cache-contrl" is not known; did you mean cache-control/],
    [{ header: ["*.pdf: Cache-Control="] }, {}, /expected printable ASCII/],
    [{ ignore: ["/(/"] }, {}, /--ignore "\/\(\/": Invalid regular expression/],
    [{ ignore: ["/assets/a.js"] }, {}, /--ignore "\/assets\/a.js": no key begins with a slash/],
    [{ header: ["/(/: Cache-Control=x"] }, {}, /--header .*: Invalid regular expression/],
    [{ compress: "gz" }, {}, /--compress "gz": expected a list of br and gzip/],
    [{ compress: "" }, {}, /--compress "": expected a list/],
    [{ sourceMaps: "hidden" }, {}, /--source-maps "hidden": expected public, drop or private/],
    [{ maxRequests: "many" }, {}, /--max-requests "many": expected a whole number/],
    [{ maxRequests: "1e3" }, {}, /--max-requests "1e3"/],
    [{}, { ASSET_SYNC_STRICT: "yes" }, /ASSET_SYNC_STRICT="yes": expected true, 1, false or 0/],
    [{}, { ASSET_SYNC_COMPRESS: "true" }, /ASSET_SYNC_COMPRESS "true": expected a list/],
    [{}, { ASSET_SYNC_SOURCE_MAP: "drop" }, /did you mean ASSET_SYNC_SOURCE_MAPS/],
  ])("%j %j", (flags, environment, reason) => {
    const attempt = (): unknown => resolveOptions(undefined, { ...GIVEN, ...flags }, environment, HERE);
    expect(attempt).toThrow(expect.objectContaining({ code: "ASSET_SYNC_OPTION_INVALID", exitCode: 2 }));
    expect(attempt).toThrow(reason);
  });
});

function rule(headers: Readonly<Record<string, unknown>>): unknown {
  return { headers: [{ match: "*", headers }] };
}
