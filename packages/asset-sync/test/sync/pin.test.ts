import { describe, expect, it } from "vitest";

import { run } from "../../src/cli/run.ts";
import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { pin } from "../../src/sync/pin.ts";
import { releases } from "../../src/sync/releases.ts";
import { sync } from "../../src/sync/sync.ts";
import { syncFixture, type SyncFixture } from "./fixture.ts";

const pins = async (world: SyncFixture): Promise<Readonly<Record<string, boolean>>> =>
  Object.fromEntries((await releases(world.options().target)).map(({ id, pinned }) => [id, pinned]));

describe("pinning a release", () => {
  it("is remembered, costs two requests, and one when it is so already", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    await sync(world.options({ release: "v2" }));
    const { target } = world.options();
    world.requests();
    expect(await pin(target, { release: "v1", pinned: true })).toBe(true);
    expect(world.requests()).toEqual([`GET ${LEDGER_KEY}`, `PUT ${LEDGER_KEY}`]);
    expect(await pin(target, { release: "v1", pinned: true })).toBe(false);
    expect(world.requests()).toEqual([`GET ${LEDGER_KEY}`]);
    expect(await pins(world)).toEqual({ v1: true, v2: false });
    expect(await pin(target, { release: "v1", pinned: false })).toBe(true);
    expect(await pins(world)).toEqual({ v1: false, v2: false });
  });

  it("writes the ledger with the encryption that is asked for", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    const encryption = { algorithm: "AES256" } as const;
    await pin(world.options().target, { release: "v1", pinned: true }, { encryption });
    expect(world.double.log.at(-1)?.headers["x-amz-server-side-encryption"]).toBe("AES256");
  });

  it("outlives a sync of the same release and of others, and does not make it newer", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    const at = world.ledger().releases.get("v1")?.at;
    await pin(world.options().target, { release: "v1", pinned: true });
    expect(world.ledger().releases.get("v1")?.at).toBe(at);
    await world.tree.write({ "assets/robots.txt": "other" });
    await sync(world.options());
    await sync(world.options({ release: "v2" }));
    expect(await pins(world)).toEqual({ v1: true, v2: false });
  });

  it("loses nothing while builds write the ledger", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    const receipt = (name: string): string => `${world.tree.path}/${name}.json`;
    await Promise.all([
      ...["va", "vb", "vc"].map((release) => sync(world.options({ release, receipt: receipt(release) }))),
      pin(world.options().target, { release: "v1", pinned: true }),
    ]);
    expect(await pins(world)).toEqual({ v1: true, va: false, vb: false, vc: false });
  });

  it.each([
    ["relaese-41", "did you mean release-41?"],
    ["release-42", "it knows 4f0c9a1be27d8853f6a1c0de9b7a35e412f08c6d, release-41."],
    ["4f0c9a1", "did you mean 4f0c9a1be27d8853f6a1c0de9b7a35e412f08c6d?"],
    ["4f0c9a", "it knows 4f0c9a1be27d8853f6a1c0de9b7a35e412f08c6d, release-41."],
    ["production", "it knows 4f0c9a1be27d8853f6a1c0de9b7a35e412f08c6d, release-41."],
  ])("of %s, which the ledger does not know, says: %s", async (release, said) => {
    await using world = await syncFixture();
    await sync(world.options({ release: "release-41" }));
    await sync(world.options({ release: "4f0c9a1be27d8853f6a1c0de9b7a35e412f08c6d" }));
    await expect(pin(world.options().target, { release, pinned: true })).rejects.toMatchObject({
      code: "ASSET_SYNC_RELEASE_MISSING",
      exitCode: 2,
      message: expect.stringContaining(said),
    });
  });
});

describe("the verbs pin, unpin and releases", () => {
  it.each(["pin", "unpin"])("%s takes the target from the configuration file", async (verb) => {
    await using world = await syncFixture();
    await sync(world.options());
    const { endpoint, region } = world.double;
    const config = { to: "s3://shop-assets/pre", endpoint, region, pathStyle: true };
    await world.tree.write({ "asset-sync.config.json": JSON.stringify(config) });
    let text = "";
    const output = { write: (more: string) => (text += more) };
    const terminal = { stdout: output, stderr: output, environment: process.env, directory: world.tree.path };
    expect([await run([verb, "v1"], terminal, new AbortController().signal), text]).toEqual([
      0,
      verb === "pin" ? "v1 is pinned\n" : "v1 was already not pinned\n",
    ]);
  });

  it("say what they did, in text and as JSON", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    const { endpoint, region } = world.double;
    const words = ["--to", "s3://shop-assets/pre", "--endpoint", endpoint, "--region", region, "--path-style"];
    const said = async (...line: readonly string[]): Promise<string> => {
      let text = "";
      const stdout = { write: (more: string) => (text += more) };
      const terminal = { stdout, stderr: { write: () => undefined }, environment: process.env, directory: "/" };
      expect(await run([...line, ...words], terminal, new AbortController().signal)).toBe(0);
      return text;
    };
    expect(await said("pin", "v1")).toBe("v1 is pinned\n");
    expect(await said("pin", "v1")).toBe("v1 was already pinned\n");
    expect(await said("releases")).toMatch(/ {2}v1 {2}5 files {2}pinned\n$/);
    expect(JSON.parse(await said("unpin", "v1", "--json"))).toEqual({
      type: "summary",
      release: "v1",
      pinned: false,
      changed: true,
    });
  });
});
