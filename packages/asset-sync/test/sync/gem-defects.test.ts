import { describe, expect, it } from "vitest";

import { checkConfig } from "../../src/config/config-check.ts";
import { resolveOptions } from "../../src/config/options.ts";
import { plan, sync } from "../../src/sync/sync.ts";
import { BUCKET, syncFixture, syncWithEvents } from "./fixture.ts";

const HEX = "0123456789abcdef0123456789abcdef";

/** Faults that users of the Ruby gem asset_sync know. */
describe("unlike the gem asset_sync", () => {
  it("a false that is written as a text does not switch something on: it is refused", () => {
    for (const config of [{ strict: "false" }, { pathStyle: "false" }, { compress: "false" }, { compress: false }]) {
      expect(() => checkConfig(config, "file")).toThrow(expect.objectContaining({ code: "ASSET_SYNC_CONFIG_INVALID" }));
    }
    const off = { to: "s3://shop", release: "v", file: { strict: false } };
    expect(resolveOptions(undefined, off, {}, "/srv").strict).toBe(false);
  });

  it.each([
    ["ASSET_SYNC_STRICT", "true", "strict", true],
    ["ASSET_SYNC_STRICT", "1", "strict", true],
    ["ASSET_SYNC_STRICT", "false", "strict", false],
    ["ASSET_SYNC_COMPRESS", "br", "compress", ["br"]],
    ["ASSET_SYNC_MAX_REQUESTS", "7", "maxRequests", 7],
  ] as const)("the variable %s=%s is read as what it says", (name, text, option, value) => {
    const options = resolveOptions(undefined, { to: "s3://shop", release: "v" }, { [name]: text }, "/srv");
    expect(options[option]).toEqual(value);
  });

  it("packs and vite folders are not sent again with every build", async () => {
    await using world = await syncFixture({
      "assets/app-1f3c9a2b.js": "a",
      "packs/js/app-3f1a2b4c5d6e7f809fab.js": "p",
      "vite/assets/app-B7xQ9Za1.js": "v",
    });
    await sync(world.options());
    const again = await sync(world.options({ release: "v2" }));
    expect(again).toMatchObject({ uploaded: 0, unchanged: 3, requests: { total: 2 } });
  });

  it("files of names that the bucket has are compared by content, and wrong headers are noticed", async () => {
    await using world = await syncFixture({ "assets/robots.txt": "old" });
    await sync(world.options());
    await world.tree.write({ "assets/robots.txt": "new" });
    const header = ["*.txt: Cache-Control=no-store"];
    expect((await plan(world.options({ release: "v2" }))).puts[0]).toMatchObject({ reason: "changed bytes" });
    await sync(world.options({ release: "v2" }));
    const made = await plan(world.options({ release: "v3", header }));
    expect(made.copies[0]).toMatchObject({ reason: "changed headers" });
  });

  it("the log of a success shows what was done", async () => {
    await using world = await syncFixture();
    const types = (await syncWithEvents(world.options())).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(["scanned", "planned", "uploaded", "ledger-written", "summary"]));
  });

  it("a manifest with nothing twice in it is read as any other, and one that cannot be read is named", async () => {
    const manifest = "assets/.manifest.json";
    await using world = await syncFixture({ [manifest]: '{"a.js":"a-20240131.js"}', "assets/a-20240131.js": "a" });
    const phases = async (): Promise<readonly unknown[]> =>
      (await plan(world.options())).puts.map(({ key, phase }) => [key, phase]);
    expect(await phases()).toContainEqual(["assets/a-20240131.js", "fingerprinted"]);
    await world.tree.write({ [manifest]: "{" });
    expect(await phases()).toContainEqual(["assets/a-20240131.js", "plain"]);
    const events = await syncWithEvents(world.options());
    expect(events).toContainEqual(expect.objectContaining({ type: "finding", kind: "unreadable", file: manifest }));
  });

  it("dot manifests of every tool go up, last, without a long cache header", async () => {
    const manifests = ["assets/.manifest.json", `assets/.sprockets-manifest-${HEX}.json`, "vite/.vite/manifest.json"];
    await using world = await syncFixture(
      Object.fromEntries([["assets/a.js", "a"], ...manifests.map((key) => [key, "{}"])]),
    );
    const uploaded = (await syncWithEvents(world.options())).flatMap((event) =>
      event.type === "uploaded" ? [event.key] : [],
    );
    expect(uploaded.slice(1).toSorted()).toEqual(manifests);
    for (const key of manifests) {
      expect(world.double.objects(BUCKET).get(`pre/${key}`)?.headers["cache-control"]).toBe("no-cache");
    }
  });

  it("an ignored file is neither sent, nor taken away where it is", async () => {
    await using world = await syncFixture({ "assets/a.js": "a", "assets/draft.psd": "d" });
    await sync(world.options());
    await world.tree.write({ "assets/draft.psd": "changed" });
    const summary = await sync(world.options({ release: "v2", ignore: ["*.psd"] }));
    expect(summary).toMatchObject({ uploaded: 0, unchanged: 1 });
    expect(world.double.objects(BUCKET).get("pre/assets/draft.psd")?.body.toString()).toBe("d");
  });

  it("an empty file goes up and is the same the next time", async () => {
    await using world = await syncFixture({ "assets/empty.css": "" });
    await sync(world.options());
    expect(world.double.objects(BUCKET).get("pre/assets/empty.css")?.body.length).toBe(0);
    expect((await sync(world.options())).requests.total).toBe(1);
  });

  it("a dry run writes nothing and plans what a sync then does", async () => {
    await using world = await syncFixture();
    const dry = await sync(world.options({ dryRun: true }));
    expect(world.keys()).toEqual([]);
    const { uploaded, bytes, files } = await sync(world.options());
    expect(dry).toMatchObject({ dryRun: true, uploaded, bytes, files, requests: { total: 1 } });
  });

  it("a time of change alone sends nothing", async () => {
    await using world = await syncFixture({ "assets/a.js": "a" });
    await sync(world.options());
    await world.tree.write({ "assets/a.js": "a" });
    expect((await sync(world.options({ release: "v2" }))).uploaded).toBe(0);
  });
});
