import { lstat, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { outputOf, tempTree } from "@slipway/testkit";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";

import { AssetSyncError } from "../../src/errors.ts";
import { resolveOptions, type Flags, type SyncOptions } from "../../src/config/options.ts";
import { parseTarget } from "../../src/config/target.ts";
import { openStore } from "../../src/store/open-store.ts";
import { requestCounter } from "../../src/store/request-counter.ts";
import { locatedTarget } from "../../src/sync/located-target.ts";
import { writeReceipt } from "../../src/sync/receipt-file.ts";
import { makeReceipt, readReceipt, type NewReceipt, type Receipt } from "../../src/sync/receipt.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { mutated, mutations } from "../ledger/mutation.ts";
import { BUILD, syncFixture } from "./fixture.ts";

const RECEIPT: Receipt = {
  format: "slipway-receipt/1",
  release: "v1",
  target: "s3://shop-assets/production",
  endpoint: "http://127.0.0.1:1",
  region: "eu-west-1",
  pathStyle: true,
  ledger: { key: ".asset-sync/ledger.json.zst", version: "e" },
  files: { "assets/a.js": "a".repeat(64), "assets/robots.txt": "b".repeat(64) },
  replaceable: ["assets/robots.txt"],
};

describe("a receipt", () => {
  it("is read as it was written", async () => {
    expect(await read(JSON.stringify(RECEIPT))).toEqual(RECEIPT);
  });

  it.each([0, 1, 2, 1000, 1001])("of %d files is written as JSON that people can read", async (count) => {
    await using tree = await tempTree();
    const digests = Array.from({ length: count }, (_, n) => [`assets/"${n}".js`, n.toString(16).padStart(64, "0")]);
    for (const replaceable of [[], Object.keys(Object.fromEntries(digests))]) {
      const receipt = { ...RECEIPT, files: Object.fromEntries(digests), replaceable };
      await writeReceipt(join(tree.path, "receipt.json"), asNew(receipt));
      const text = await readFile(join(tree.path, "receipt.json"), "utf8");
      expect(text).toBe(`${JSON.stringify(receipt, null, 2)}\n`);
    }
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["a region that is a number", { region: 7 }, /region is 7/],
    ["an empty region", { region: "" }, /region is ""/],
    ["a path style that is a text", { pathStyle: "true" }, /pathStyle is "true"/],
    ["an endpoint that is a number", { endpoint: 7 }, /endpoint is not a text/],
    ["an endpoint with a token", { endpoint: "http://host/?token=x" }, /endpoint holds/],
    ["a target that is no URL", { target: "file:///%ZZ" }, /expected the URL of a folder/],
    ["a target that is the root", { target: "file:///.." }, /not the root of the file system/],
    ["a target that is a number", { target: 7 }, /target is not a text/],
    ["a release with a line break", { release: "v1\nv2" }, /release is "v1\\nv2"/],
    ["no ledger", { ledger: undefined }, /ledger is not an object/],
    ["a ledger without version", { ledger: { key: "k" } }, /ledger\.version is not a text/],
    ["no list of what may be replaced", { replaceable: undefined }, /replaceable is not a list/],
    ["a digest in a list", { files: { k: ["a".repeat(64)] } }, /digest of "k" is not/],
  ])("with %s is refused", async (_, parts, reason) => {
    await expect(read(JSON.stringify({ ...RECEIPT, ...parts }))).rejects.toMatchObject({
      code: "ASSET_SYNC_RECEIPT_INVALID",
      exitCode: 2,
      message: expect.stringMatching(reason),
    });
  });

  it("is either refused or can be verified, wherever it is changed", async () => {
    await using tree = await tempTree();
    const folder = { ...RECEIPT, target: "file:///nowhere/store" };
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        const receipt = join(tree.path, "receipt.json");
        await writeFile(receipt, JSON.stringify(mutated(folder, changes)) ?? "");
        const outcome = await verify({ receipt }).then(
          ({ type }) => type,
          (error: unknown) => (error instanceof AssetSyncError ? error.code : error),
        );
        expect(["summary", "ASSET_SYNC_RECEIPT_INVALID"]).toContain(outcome);
      }),
      { numRuns: 1000 },
    );
  });
});

async function read(text: string): Promise<Receipt> {
  await using tree = await tempTree({ "receipt.json": text });
  return await readReceipt(join(tree.path, "receipt.json"));
}

const draft = (n: number): string => `.asset-receipt-00000000-0000-4000-8000-00000000000${n}.draft`;

describe("a receipt that is written", () => {
  it("takes away the draft that a killed process left, and none that is being written", async () => {
    await using tree = await tempTree({ [draft(1)]: "{", [draft(2)]: "{", "other.draft": "x" });
    for (const name of [draft(1), "other.draft"]) await utimes(join(tree.path, name), 0, 0);
    await writeReceipt(join(tree.path, "receipt.json"), asNew(RECEIPT));
    expect((await readdir(tree.path)).toSorted()).toEqual([draft(2), "other.draft", "receipt.json"]);
  });

  it("goes into a pipe that has the name, and takes nobody's place", async () => {
    await using tree = await tempTree();
    const pipe = join(tree.path, "pipe");
    outputOf("mkfifo", [pipe]);
    const [text] = await Promise.all([readFile(pipe, "utf8"), writeReceipt(pipe, asNew(RECEIPT))]);
    expect(JSON.parse(text)).toEqual(RECEIPT);
    expect((await stat(pipe)).isFIFO()).toBe(true);
  });

  it("replaces the file that a link leads to, and not the link", async () => {
    await using tree = await tempTree({ "there/receipt.json": "old" });
    await symlink("there/receipt.json", join(tree.path, "link.json"));
    await writeReceipt(join(tree.path, "link.json"), asNew(RECEIPT));
    expect(await readReceipt(join(tree.path, "there/receipt.json"))).toEqual(RECEIPT);
    expect((await lstat(join(tree.path, "link.json"))).isSymbolicLink()).toBe(true);
  });

  it.each([
    ["among the assets", "assets/receipt.json", /would upload it as assets\/receipt\.json/],
    ["where a folder is", "assets", /it is a folder/],
  ])("%s is refused before anything is asked", async (_, name, message) => {
    await using world = await syncFixture();
    const receipt = join(world.tree.path, name);
    await expect(sync(world.options({ receipt }))).rejects.toMatchObject({
      code: "ASSET_SYNC_OPTION_INVALID",
      exitCode: 2,
      message: expect.stringMatching(message),
    });
    expect(world.requests()).toEqual([]);
  });

  it.each([".asset-sync/ledger.json.zst", "packs/of-an-older-release.js", "receipt.json"])(
    "in place of what a folder target holds is refused: %s",
    async (name) => {
      await using app = await tempTree({ "public/assets/app-1f3c9a2b.js": "1" });
      const store = join(app.path, "store");
      const options = (flags: Flags): SyncOptions =>
        resolveOptions(undefined, { to: `file://${store}`, release: "v1", ...flags }, {}, app.path);
      await sync(options({}));
      const held = await readdir(store, { recursive: true });
      await expect(sync(options({ receipt: join(store, name) }))).rejects.toMatchObject({
        code: "ASSET_SYNC_OPTION_INVALID",
        message: expect.stringContaining(`it lies in file://${store}`),
      });
      expect(await readdir(store, { recursive: true })).toEqual(held);
    },
  );

  it("through a link that leads there, to no file yet, is refused too", async () => {
    await using app = await tempTree({ "public/assets/app-1f3c9a2b.js": "1" });
    const receipt = join(app.path, "link.json");
    await symlink("store/.asset-sync/receipt.json", receipt);
    const flags = { to: `file://${join(app.path, "store")}`, release: "v1", receipt };
    await expect(sync(resolveOptions(undefined, flags, {}, app.path))).rejects.toMatchObject({
      code: "ASSET_SYNC_OPTION_INVALID",
    });
  });

  it("in the public folder is taken, where that lies in a folder target too", async () => {
    await using app = await tempTree({ "public/assets/app-1f3c9a2b.js": "1" });
    const options = resolveOptions(undefined, { to: `file://${app.path}`, release: "v1" }, {}, app.path);
    await sync(options);
    expect(await readReceipt(options.receipt)).toMatchObject({ release: "v1" });
  });

  it("goes where a link leads that is written with `..`, as whoever reads it is led", async () => {
    await using world = await syncFixture({ ...BUILD, "far/deep/x": "" });
    const receipt = join(world.tree.path, "r.json");
    await symlink("far/deep", join(world.tree.path, "l"));
    await symlink("l/../receipt.json", receipt);
    await sync(world.options({ receipt }));
    expect(await readReceipt(receipt)).toMatchObject({ release: "v1" });
    expect((await lstat(receipt)).isSymbolicLink()).toBe(true);
  });

  it("takes the place of a link that leads through a folder that is not there, back to itself", async () => {
    await using world = await syncFixture();
    const receipt = join(world.tree.path, "r.json");
    await symlink("nothing/../r.json", receipt);
    await sync(world.options({ receipt }));
    expect(await readReceipt(receipt)).toMatchObject({ release: "v1" });
  });

  it.each([{ receipt: "assets/.receipt.json" }, { receipt: "assets/receipt.json", ignore: ["**/receipt.json"] }])(
    "among the assets is taken where no scan takes it: %o",
    async (flags) => {
      await using world = await syncFixture();
      await sync(world.options(flags));
      await sync(world.options(flags));
      expect(world.keys()).toHaveLength(5);
    },
  );
});

describe("the region that only an AWS configuration file names", () => {
  it("is in the receipt: the container that verifies has no such file", async () => {
    await using tree = await tempTree({ config: "[default]\nregion = eu-central-1\n" });
    vi.stubEnv("AWS_CONFIG_FILE", join(tree.path, "config"));
    vi.stubEnv("AWS_REGION", undefined);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIADOUBLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "double-secret");
    const target = parseTarget("s3://shop-assets/pre");
    const store = openStore(target, requestCounter());
    expect(makeReceipt("v1", locatedTarget(target, store), "e", [])).toMatchObject({ region: "eu-central-1" });
    store.close();
    vi.unstubAllEnvs();
  });

  it("is not looked for where the receipt says it already", async () => {
    const given = parseTarget("s3://shop-assets", { region: "eu-west-1" });
    const store = openStore(given, requestCounter());
    expect(locatedTarget(given, store)).toBe(given);
    const folder = parseTarget("file:///srv/store");
    expect(locatedTarget(folder, store)).toBe(folder);
    store.close();
  });
});

/** A receipt as it is handed over to be written. */
function asNew(receipt: Receipt): NewReceipt {
  return { ...receipt, files: Object.entries(receipt.files).map(([key, sha256]) => ({ key, sha256 })) };
}
