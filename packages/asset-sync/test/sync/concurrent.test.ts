import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it, vi } from "vitest";

import { decodeLedger, encodeLedger } from "../../src/ledger/format.ts";
import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { resolveOptions, type SyncOptions } from "../../src/config/options.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { makeBundle } from "../cli/bundle.ts";
import { raceBuilders } from "./builders.ts";
import { BUCKET, syncFixture } from "./fixture.ts";

describe("a build that another one overtakes", () => {
  it("sends a plain file again that the other has replaced, and keeps what the other recorded", async () => {
    await using world = await syncFixture();
    await sync(world.options({ release: "before" }));
    await world.tree.write({ "assets/robots.txt": "ours" });
    const rival = Buffer.from("theirs");
    const place = (key: string, body: Buffer): unknown =>
      world.double
        .objects(BUCKET)
        .set(`pre/${key}`, { body, etag: createHash("md5").update(body).digest("hex"), headers: {} });
    const before = world.ledger();
    const robots = before.files.get("assets/robots.txt");
    if (robots === undefined) throw new Error("not in the ledger");
    const revision = before.revision + 1;
    const sha256 = createHash("sha256").update(rival).digest("hex");
    const theirLedger = await encodeLedger({
      revision,
      files: new Map(before.files).set("assets/robots.txt", { ...robots, size: rival.length, sha256, revision }),
      releases: new Map(before.releases).set("theirs", { at: 1, keys: ["assets/robots.txt"] }),
    });
    let overtaken = false;
    world.double.fail({
      fault: { kind: "delay", milliseconds: 0 },
      matches: ({ method, key }) => {
        if (overtaken || method !== "PUT" || key !== `pre/${LEDGER_KEY}`) return false;
        overtaken = true;
        place("assets/robots.txt", rival);
        place(LEDGER_KEY, theirLedger);
        return false;
      },
    });
    await sync(world.options({ release: "ours" }));
    expect(overtaken).toBe(true);
    expect(world.double.objects(BUCKET).get("pre/assets/robots.txt")?.body.toString()).toBe("ours");
    const { files, releases: recorded } = world.ledger();
    expect(files.get("assets/robots.txt")?.sha256).toBe(createHash("sha256").update("ours").digest("hex"));
    expect([...recorded.keys()].toSorted()).toEqual(["before", "ours", "theirs"]);
  });
});

const isLedgerPut = (request: { readonly method: string; readonly key: string }): boolean =>
  request.method === "PUT" && request.key === `pre/${LEDGER_KEY}`;

describe("a key that others change and change back while a build waits for the ledger", () => {
  it("is sent again: stored bytes and ledger agree, and each receipt verifies or is told superseded", async () => {
    await using world = await syncFixture();
    const key = "assets/robots.txt";
    await using trees = new AsyncDisposableStack();
    const optionsOf = async (release: string, text: string): Promise<SyncOptions> => {
      const tree = trees.use(await tempTree({ [key]: text }));
      return { ...world.options({ release }), publicDir: tree.path, receipt: join(tree.path, "receipt.json") };
    };
    const [first, va, vb, vx] = [
      await optionsOf("v1", "X"),
      await optionsOf("va", "A"),
      await optionsOf("vb", "B"),
      await optionsOf("vx", "X"),
    ];
    await sync(first);
    world.requests();
    const overtaken = Promise.withResolvers<void>();
    world.double.fail({ fault: { kind: "held", until: overtaken.promise }, matches: isLedgerPut, times: 1 });
    const waiting = sync(va);
    const delayed = await vi.waitUntil(() => world.double.log.find(isLedgerPut), { interval: 5, timeout: 60_000 });
    await sync(vb);
    await sync(vx);
    expect(delayed.status).toBeUndefined();
    overtaken.resolve();
    await waiting;
    expect(delayed.status).toBe(412);
    const stored = world.double.objects(BUCKET).get(`pre/${key}`)?.body.toString() ?? "";
    expect(world.ledger().files.get(key)?.sha256).toBe(createHash("sha256").update(stored).digest("hex"));
    for (const [options, text] of [
      [va, "A"],
      [vb, "B"],
      [vx, "X"],
    ] as const) {
      const superseded = text === stored ? [] : [key];
      expect(await verify({ receipt: options.receipt })).toMatchObject({ holds: true, superseded });
    }
  });
});

describe("20 builders at once on one target, 10 rounds", () => {
  it("leave the union in the ledger of an S3, and each release holds", { timeout: 600_000 }, async () => {
    await using world = await syncFixture({});
    await using bundle = await makeBundle();
    const location = { endpoint: world.double.endpoint, region: world.double.region, pathStyle: true };
    const to = `s3://${BUCKET}/pre`;
    const failed = await raceBuilders({
      program: bundle.program,
      words: ["--to", to, "--endpoint", location.endpoint, "--region", location.region, "--path-style"],
      env: {},
      options: (folder, release) => resolveOptions(folder, { to, release, ...location }, {}, folder),
      ledger: async () => world.ledger(),
      stored: async (key) => world.double.objects(BUCKET).get(`pre/${key}`)?.body ?? Buffer.alloc(0),
      keys: async () => world.keys(),
    });
    expect(failed).toEqual([]);
  });

  it("leave the union in the ledger of a folder, and each release holds", { timeout: 600_000 }, async () => {
    await using tree = await tempTree();
    await using bundle = await makeBundle();
    const directory = join(tree.path, "store");
    const to = `file://${directory}`;
    const failed = await raceBuilders({
      program: bundle.program,
      words: ["--to", to],
      env: {},
      options: (folder, release) => resolveOptions(folder, { to, release }, {}, folder),
      ledger: async () => decodeLedger(await readFile(join(directory, LEDGER_KEY)), directory),
      stored: (key) => readFile(join(directory, key)),
      keys: async () => (await readdir(join(directory, "assets"))).map((name) => `assets/${name}`),
    });
    expect(failed).toEqual([]);
  });
});
