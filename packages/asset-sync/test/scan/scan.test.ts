import { createHash } from "node:crypto";
import { mkdir, symlink } from "node:fs/promises";
import { join, relative } from "node:path";

import { outputOf, tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { scan as scanWith, type Scan, type ScanOptions } from "../../src/scan/scan.ts";

const PLAIN = { ignore: [], headers: [], sourceMaps: { kind: "public" }, strict: false } as const;

function scan(publicDir: string, dirs?: readonly string[], more: Partial<ScanOptions> = {}): Promise<Scan> {
  return scanWith({ publicDir, ...(dirs === undefined ? {} : { dirs }), ...PLAIN, ...more });
}

async function keys(publicDir: string, dirs?: readonly string[]): Promise<readonly string[]> {
  return (await scan(publicDir, dirs)).assets.map((asset) => asset.key);
}

describe("a scan", () => {
  it("takes the folders a Rails build makes, manifests included, and nothing else", async () => {
    await using tree = await tempTree({
      "assets/app-1f3c9a2b.js": "a",
      "assets/.manifest.json": "{}",
      "assets/.sprockets-manifest-0f1e.json": "{}",
      "assets/.DS_Store": "x",
      "assets/.keep": "",
      "assets/.git/config": "x",
      "packs/manifest.json": "{}",
      "packs-test/js/app-3f1a2b4c5d6e7f809fab.js": "p",
      "vite/.vite/manifest.json": "{}",
      "assets-old/app.js": "old",
      "uploads/cv.pdf": "not an asset",
      "robots.txt": "top",
    });
    const found = await scan(tree.path);
    expect(found.assets.map((asset) => asset.key)).toEqual([
      "assets/.manifest.json",
      "assets/.sprockets-manifest-0f1e.json",
      "assets/app-1f3c9a2b.js",
      "packs-test/js/app-3f1a2b4c5d6e7f809fab.js",
      "packs/manifest.json",
      "vite/.vite/manifest.json",
    ]);
    expect(found.skipped.toSorted()).toEqual(["assets/.DS_Store", "assets/.git", "assets/.keep"]);
  });

  it("takes the named folders only, once, however they are written", async () => {
    await using tree = await tempTree({ "a/x.js": "1", "a/b/y.js": "2", "c/z.js": "3", "assets/n.js": "4" });
    expect(await keys(tree.path, ["a/", "a", "a/b", "./c"])).toEqual(["a/b/y.js", "a/x.js", "c/z.js"]);
  });

  it("gives the same keys for a relative and an absolute public folder", async () => {
    await using tree = await tempTree({ "public/assets/x.js": "1" });
    const absolute = join(tree.path, "public");
    expect(await keys(relative(process.cwd(), absolute))).toEqual(await keys(absolute));
  });

  it("reads size and SHA-256 of every size of file", async () => {
    const bodies = ["", "x", "y".repeat(1024 * 1024), "z".repeat(3 * 1024 * 1024 + 7)];
    await using tree = await tempTree(Object.fromEntries(bodies.map((body, index) => [`assets/f${index}.txt`, body])));
    const { assets, bytes } = await scan(tree.path);
    expect(assets.map(({ size, sha256 }) => [size, sha256])).toEqual(
      bodies.map((body) => [body.length, createHash("sha256").update(body).digest("hex")]),
    );
    expect(bytes).toBe(bodies.join("").length);
  });

  it("keeps names with blanks, plus signs, percent signs, newlines and unicode", async () => {
    const names = ["a b.js", "a+b.js", "100%.css", "new\nline.txt", "naïve-日本.svg"];
    await using tree = await tempTree(Object.fromEntries(names.map((name) => [`assets/${name}`, name])));
    expect([...(await keys(tree.path))].toSorted()).toEqual(names.map((name) => `assets/${name}`).toSorted());
  });

  it("marks .gz and .br as encodings only beside the file they hold", async () => {
    await using tree = await tempTree({
      "assets/a.css": "a",
      "assets/a.css.gz": "g",
      "assets/a.css.br": "b",
      "assets/only.gz": "o",
    });
    const encodings = (await scan(tree.path)).assets.map(({ key, headers }) => [key, headers["content-encoding"]]);
    expect(encodings).toEqual([
      ["assets/a.css", undefined],
      ["assets/a.css.br", "br"],
      ["assets/a.css.gz", "gzip"],
      ["assets/only.gz", undefined],
    ]);
  });

  it("follows links inside the tree", async () => {
    await using tree = await tempTree({ "assets/real/x.js": "1", "shared/y.js": "2" });
    await symlink("real", join(tree.path, "assets/alias"));
    await symlink("../shared/y.js", join(tree.path, "assets/y.js"));
    expect(await keys(tree.path)).toEqual(["assets/alias/x.js", "assets/real/x.js", "assets/y.js"]);
  });

  it("takes an asset folder that is itself a link to elsewhere in the app", async () => {
    await using app = await tempTree({ "built/assets/x.js": "1", "public/robots.txt": "top" });
    await symlink("../built/assets", join(app.path, "public/assets"));
    expect(await keys(join(app.path, "public"))).toEqual(["assets/x.js"]);
  });

  it("refuses an asset folder that is a link out of the app, whether found or named", async () => {
    await using outside = await tempTree({ "assets/secret.js": "1" });
    await using app = await tempTree({ "public/packs/x.js": "1" });
    const publicDir = join(app.path, "public");
    await symlink(join(outside.path, "assets"), join(publicDir, "assets"));
    for (const dirs of [undefined, ["assets"]]) {
      const failure = await scan(publicDir, dirs).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: "ASSET_SYNC_FILE_REFUSED", exitCode: 2 });
      expect((failure as Error).message).toMatch(/assets is a link to .*, outside of the app/);
    }
  });

  it("names every entry that cannot be uploaded: links out, dangling, circular, special files", async () => {
    await using outside = await tempTree({ secret: "s" });
    await using tree = await tempTree({ "assets/fine.js": "1", "assets/deep/er/x.js": "1" });
    await symlink(join(outside.path, "secret"), join(tree.path, "assets/out.js"));
    await symlink("nowhere", join(tree.path, "assets/dangling.js"));
    await symlink("../..", join(tree.path, "assets/deep/er/up"));
    outputOf("mkfifo", [join(tree.path, "assets/pipe")]);
    const failure = await scan(tree.path).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "ASSET_SYNC_FILE_REFUSED", exitCode: 2 });
    const { message } = failure as Error;
    expect(message).toMatch(/assets\/out\.js is a link to .*outside/);
    expect(message).toContain("assets/dangling.js is a link to nothing");
    expect(message).toMatch(/assets\/deep\/er\/up is a link to .*holds the link/);
    expect(message).toContain("assets/pipe is not a regular file");
    expect(message).not.toContain("fine.js");
  });

  it("says which folder is missing, or what is there instead", async () => {
    await using tree = await tempTree({ "other/x.js": "1" });
    await expect(scan(join(tree.path, "other/x.js"))).rejects.toThrow(/Public folder .*x\.js is no folder/);
    await expect(scan(tree.path, ["other/x.js"])).rejects.toThrow(/Asset folder .*x\.js is no folder/);
    await expect(scan(join(tree.path, "other/x.js/y"))).rejects.toThrow(/y cannot be looked at \(ENOTDIR\)/);
    await expect(scan(join(tree.path, "nope"))).rejects.toThrow(/Public folder .*nope does not exist/);
    await expect(scan(tree.path)).rejects.toThrow(/No asset folder in/);
    await expect(scan(tree.path, ["packs"])).rejects.toThrow(/Asset folder .*packs does not exist/);
    await expect(scan(tree.path, ["../x"])).rejects.toThrow(/expected a folder below/);
    await expect(scan("/")).rejects.toThrow(/expected a folder of an app/);
  });

  it.each(["/", "//", "/assets", "", ".", "./", "..", "../x", "a/../..", "assets/.."])(
    "refuses %j for an asset folder",
    async (name) => {
      await using tree = await tempTree({ "assets/x.js": "1", "robots.txt": "top" });
      await expect(scan(tree.path, [name])).rejects.toMatchObject({ code: "ASSET_SYNC_OPTION_INVALID" });
    },
  );

  it("finds nothing in an empty folder without an error", async () => {
    await using tree = await tempTree();
    await mkdir(join(tree.path, "assets"));
    expect(await keys(tree.path)).toEqual([]);
  });
});
