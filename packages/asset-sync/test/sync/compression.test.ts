import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";

import { describe, expect, it, vi } from "vitest";

import type { Flags } from "../../src/config/options.ts";
import { plan, sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { BUCKET, syncFixture, syncWithEvents } from "./fixture.ts";

const JS = "console.log('the same again and again');\n".repeat(100);
const CSS = "body { margin: 0 }\n".repeat(100);

const BUILD = {
  "assets/app-1f3c9a2b.js": JS,
  "assets/app-0a1b2c3d.css": CSS,
  "assets/photo-00ff00ff.png": "p".repeat(5000),
  "assets/tiny-0f0f0f0f.js": "x",
  "assets/page.txt": "plain text ".repeat(200),
  "assets/.manifest.json": JSON.stringify({ "app.js": "app-1f3c9a2b.js", filler: "x".repeat(2000) }),
};

const BOTH: Flags = { compress: "br,gzip" };

describe("compressed siblings", () => {
  it("are made of text of some size, beside the plain file and never in its place", async () => {
    await using world = await syncFixture(BUILD);
    const summary = await sync(world.options(BOTH));
    const made = ["app-0a1b2c3d.css", "app-1f3c9a2b.js", "page.txt"].flatMap((name) => [
      `assets/${name}.br`,
      `assets/${name}.gz`,
    ]);
    expect(
      world
        .keys()
        .filter((key) => /\.(br|gz)$/.test(key))
        .toSorted(),
    ).toEqual(made);
    const objects = world.double.objects(BUCKET);
    const at = (key: string): { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> } => {
      const object = objects.get(`pre/assets/${key}`);
      if (object === undefined) throw new Error(`${key} is not there`);
      return object;
    };
    expect(at("app-1f3c9a2b.js").body.toString()).toBe(JS);
    expect(at("app-1f3c9a2b.js").headers).not.toHaveProperty("content-encoding");
    expect(brotliDecompressSync(at("app-1f3c9a2b.js.br").body).toString()).toBe(JS);
    expect(gunzipSync(at("app-1f3c9a2b.js.gz").body).toString()).toBe(JS);
    expect(at("app-1f3c9a2b.js.br").headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "content-encoding": "br",
      "cache-control": "public, max-age=31536000, immutable",
    });
    expect(at("page.txt.gz").headers).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "content-encoding": "gzip",
      "cache-control": "public, max-age=0, must-revalidate",
    });
    expect(summary.requests.total).toBe(Object.keys(BUILD).length + made.length + 2);
    const smallest = ["app-0a1b2c3d.css", "app-1f3c9a2b.js", "page.txt"].map((name) => {
      const sizes = ["", ".br", ".gz"].map((ending) => at(name + ending).body.length);
      return (sizes[0] ?? 0) - Math.min(...sizes);
    });
    expect(summary.bytesSaved).toBe(smallest.reduce((sum, saved) => sum + saved, 0));
    expect((await verify({ receipt: world.options().receipt })).holds).toBe(true);
  });

  it("count as files: the same release again needs 1 request, a new one with nothing changed 2, with k changed k + 2", async () => {
    await using world = await syncFixture(BUILD);
    await sync(world.options(BOTH));
    expect((await sync(world.options(BOTH))).requests.total).toBe(1);
    expect((await sync(world.options({ ...BOTH, release: "v2" }))).requests.total).toBe(2);
    await world.tree.write({ "assets/more-12345abc.css": CSS });
    const more = await sync(world.options({ ...BOTH, release: "v3" }));
    expect(more).toMatchObject({ uploaded: 3, requests: { total: 3 + 2 } });
  });

  it("of fingerprinted files that the ledger knows are not made again", async () => {
    await using world = await syncFixture(BUILD);
    const first = await syncWithEvents(world.options(BOTH));
    expect(first.find(({ type }) => type === "compressing")).toMatchObject({ files: 6 });
    const second = await syncWithEvents(world.options({ ...BOTH, release: "v2" }));
    // Those of a plain name could have stayed behind from a build that did not compress.
    expect(second.find(({ type }) => type === "compressing")).toMatchObject({ files: 2 });
    expect(second.filter(({ type }) => type === "uploaded")).toEqual([]);
  });

  it("of a plain file follow it, even after a build that did not compress", async () => {
    await using world = await syncFixture(BUILD);
    await sync(world.options(BOTH));
    const other = "other text ".repeat(200);
    await world.tree.write({ "assets/page.txt": other });
    await sync(world.options({ release: "v2" }));
    await sync(world.options({ ...BOTH, release: "v3" }));
    const body = world.double.objects(BUCKET).get("pre/assets/page.txt.br")?.body ?? Buffer.alloc(0);
    expect(brotliDecompressSync(body).toString()).toBe(other);
  });

  it("that the build tool has made are taken as they are", async () => {
    const gzip = gzipSync(JS, { level: 1 });
    await using world = await syncFixture(BUILD);
    await world.tree.write({ "assets/app-1f3c9a2b.js.gz": gzip });
    const made = await plan(world.options({ compress: "gzip" }));
    const js = made.puts.filter(({ key }) => key.startsWith("assets/app-1f3c9a2b.js"));
    expect(js.map(({ key, made: isMade }) => [key, isMade])).toEqual([
      ["assets/app-1f3c9a2b.js", undefined],
      ["assets/app-1f3c9a2b.js.gz", undefined],
    ]);
  });

  it("with other bytes than another compressor made are no conflict: both unpack to the same", async () => {
    await using world = await syncFixture(BUILD);
    await sync(world.options(BOTH));
    const receipt = `${world.tree.path}/old.json`;
    await sync(world.options({ ...BOTH, receipt }));
    // Stands for what another version of the compressor makes.
    const key = "assets/app-1f3c9a2b.js.gz";
    const row = world.ledger().files.get(key);
    expect(row).toBeDefined();
    await world.tree.write({ [key]: "another packing of the same" });
    await sync(world.options({ ...BOTH, release: "v2", allowChanged: true }));
    expect(await verify({ receipt })).toMatchObject({ holds: true, superseded: [key] });
    await rm(join(world.tree.path, key));
    const header = ["*.js: Cache-Control=public, max-age=60"];
    const again = await sync(world.options({ ...BOTH, release: "v3", header }));
    expect(again).toMatchObject({ uploaded: 1, copied: 3 });
    expect(world.ledger().files.get(key)?.sha256).toBe(row?.sha256);
    expect(await verify({ receipt })).toMatchObject({ holds: true });
  });

  it("that are gone come back with --refresh, and those that are there are looked at", async () => {
    await using world = await syncFixture(BUILD);
    await sync(world.options(BOTH));
    const [gone, there] = ["assets/app-1f3c9a2b.js.gz", "assets/app-1f3c9a2b.js.br"];
    world.double.objects(BUCKET).delete(`pre/${gone}`);
    world.requests();
    await sync(world.options({ ...BOTH, refresh: true }));
    const requests = world.requests();
    expect(requests.filter((request) => request.endsWith(gone))).toEqual([`HEAD ${gone}`, `PUT ${gone}`]);
    expect(requests.filter((request) => request.endsWith(there))).toEqual([`HEAD ${there}`]);
  });

  it("are made for private source maps by nobody", async () => {
    await using world = await syncFixture({ ...BUILD, "assets/app-1f3c9a2b.js.map": "m".repeat(5000) });
    await sync(world.options({ ...BOTH, sourceMaps: "private:maps" }));
    expect(world.keys().filter((key) => key.includes(".map"))).toEqual(["maps/assets/app-1f3c9a2b.js.map"]);
  });

  it("leave nothing in the temporary folder, neither after a sync nor after an interrupt", async () => {
    await using world = await syncFixture(BUILD);
    vi.stubEnv("TMPDIR", world.tree.path);
    expect(tmpdir()).toBe(world.tree.path);
    const drafts = (): readonly string[] =>
      readdirSync(world.tree.path).filter((name) => name.startsWith("asset-sync-"));
    await sync(world.options(BOTH));
    expect(drafts()).toEqual([]);
    await world.tree.write({ "assets/more-12345abc.css": CSS });
    const stop = new AbortController();
    const during: string[] = [];
    const interrupted = sync(world.options({ ...BOTH, release: "v2" }), {
      signal: stop.signal,
      onEvent: ({ type }) => {
        if (type === "compressed") during.push(...drafts());
        if (type === "planned") stop.abort();
      },
    });
    await expect(interrupted).rejects.toMatchObject({ code: "ASSET_SYNC_INTERRUPTED" });
    expect(during.length).toBe(1);
    expect(drafts()).toEqual([]);
  });
});
