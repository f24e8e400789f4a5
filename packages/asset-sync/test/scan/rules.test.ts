import { appendFileSync, writeFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import type { HeaderRule } from "../../src/config/definition.ts";
import { CHANGED, readOnce } from "../../src/scan/digest.ts";
import { globMatcher } from "../../src/scan/globs.ts";
import { scan, type ScanOptions } from "../../src/scan/scan.ts";

async function headersOf(
  files: Readonly<Record<string, string>>,
  headers: readonly HeaderRule[],
): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
  const { assets } = await scanOf(files, { headers });
  return Object.fromEntries(assets.map((asset) => [asset.key, asset.headers]));
}

async function scanOf(files: Readonly<Record<string, string>>, more: Partial<ScanOptions>): ReturnType<typeof scan> {
  await using tree = await tempTree(files);
  const plain = { ignore: [], headers: [], sourceMaps: { kind: "public" }, strict: false } as const;
  return await scan({ publicDir: tree.path, ...plain, ...more });
}

describe("globs", () => {
  it.each([
    ["*.pdf", "assets/deep/a.pdf", true],
    ["*.pdf", "assets/a.pdf.js", false],
    ["assets/*.js", "assets/a.js", true],
    ["assets/*.js", "assets/deep/a.js", false],
    ["assets/**/*.js", "assets/deep/er/a.js", true],
    ["assets/**", "assets-old/a.js", false],
    ["**/*.{png,jpg}", "packs/a.jpg", true],
    ["vite/**/*.json", "vite/.vite/manifest.json", true],
    ["assets/a?.js", "assets/a1.js", true],
    ["assets/[ab].js", "assets/b.js", true],
    ["!*.js", "assets/a.css", false],
  ])("%s, %s: %s", (glob, key, expected) => {
    expect(globMatcher([glob])(key)).toBe(expected);
  });
});

describe("header rules", () => {
  const files = {
    "assets/a-1f3c9a2b.js": "a",
    "assets/a-1f3c9a2b.js.br": "b",
    "assets/guide.pdf": "p",
    "assets/.manifest.json": "{}",
  };

  it("give the headers of the first row that matches, and none of those below it", async () => {
    const rows = [
      { match: "*.pdf", headers: { "content-disposition": "attachment" } },
      { match: ["*.pdf", "assets/**"], headers: { "cache-control": "public, max-age=60", "content-language": "de" } },
    ];
    expect(await headersOf(files, rows)).toMatchObject({
      "assets/guide.pdf": {
        "content-disposition": "attachment",
        "content-type": "application/pdf",
        "cache-control": "public, max-age=0, must-revalidate",
      },
      "assets/a-1f3c9a2b.js": { "cache-control": "public, max-age=60", "content-language": "de" },
    });
  });

  it("reach a precompressed sibling by the name of the file it holds", async () => {
    const rows = [{ match: "*.js", headers: { "content-type": "application/javascript" } }];
    expect((await headersOf(files, rows))["assets/a-1f3c9a2b.js.br"]).toEqual({
      "content-type": "application/javascript",
      "content-encoding": "br",
      "cache-control": "public, max-age=31536000, immutable",
    });
  });

  it("never give a manifest a long cache header", async () => {
    const rows = [{ match: "**", headers: { "cache-control": "public, max-age=31536000, immutable" } }];
    const found = await headersOf(files, rows);
    expect(found["assets/.manifest.json"]?.["cache-control"]).toBe("no-cache");
    expect(found["assets/guide.pdf"]?.["cache-control"]).toContain("immutable");
  });
});

describe("source maps", () => {
  const files = { "assets/a-1f3c9a2b.js": "a", "assets/a-1f3c9a2b.js.map": "{}", "assets/a-1f3c9a2b.js.map.gz": "g" };
  const keys = async (sourceMaps: ScanOptions["sourceMaps"]): Promise<readonly string[]> =>
    (await scanOf(files, { sourceMaps })).assets.map(({ key }) => key);

  it("are public, below a prefix of their own, or left out", async () => {
    expect(await keys({ kind: "public" })).toEqual(Object.keys(files));
    expect(await keys({ kind: "private", prefix: "maps/" })).toEqual([
      "assets/a-1f3c9a2b.js",
      "maps/assets/a-1f3c9a2b.js.map",
      "maps/assets/a-1f3c9a2b.js.map.gz",
    ]);
    expect(await keys({ kind: "drop" })).toEqual(["assets/a-1f3c9a2b.js"]);
  });

  it("that are left out are named among what was skipped", async () => {
    const { skipped } = await scanOf(files, { sourceMaps: { kind: "drop" }, ignore: ["*.gz"] });
    expect(skipped).toEqual(["assets/a-1f3c9a2b.js.map", "assets/a-1f3c9a2b.js.map.gz"]);
  });
});

const plain = { ignore: [], headers: [], sourceMaps: { kind: "public" }, strict: false } as const;

describe("files that cannot be read as they are", () => {
  it.skipIf(process.platform !== "linux")("are named with the reason when their names are no UTF-8", async () => {
    await using tree = await tempTree({ "assets/fine.js": "1" });
    writeFileSync(
      Buffer.concat([Buffer.from(join(tree.path, "assets/caf")), Buffer.of(0xe9), Buffer.from(".js")]),
      "1",
    );
    await expect(scan({ publicDir: tree.path, ...plain })).rejects.toThrow(/caf\uFFFD\.js .*\(its name is not UTF-8\)/);
  });

  it("are named when they change while they are read", async () => {
    await using tree = await tempTree({ "growing.js": "x".repeat(2000) });
    const path = join(tree.path, "growing.js");
    let reading = true;
    const read = readOnce(path, Buffer.alloc(1), 0).finally(() => {
      reading = false;
    });
    const grow = (): void => {
      if (!reading) return;
      appendFileSync(path, "y");
      setImmediate(grow);
    };
    setImmediate(grow);
    expect(await read).toBe(CHANGED);
  });

  it("give their last bytes however they are cut into pieces", async () => {
    const text = "abcdefghijklmnopqrstuvwxyz";
    await using tree = await tempTree({ "a.js": text });
    for (const piece of [1, 3, 7, 26, 100]) {
      for (const keep of [0, 1, 5, 26, 100]) {
        const read = await readOnce(join(tree.path, "a.js"), Buffer.alloc(piece), keep);
        expect(read === CHANGED ? CHANGED : read.end.toString()).toBe(keep === 0 ? "" : text.slice(-keep));
      }
    }
  });

  it.skipIf(process.getuid?.() === 0)("are named when nobody may read them", async () => {
    await using tree = await tempTree({ "assets/secret.js": "s" });
    await chmod(join(tree.path, "assets/secret.js"), 0);
    await expect(scan({ publicDir: tree.path, ...plain })).rejects.toThrow(/secret\.js cannot be read \(EACCES\)/);
  });
});
