import { createHash } from "node:crypto";
import { join } from "node:path";

import { tempTree, type TempTree } from "@slipway/testkit";
import { describe, expect, it, vi } from "vitest";

import { encodeLedger } from "../../src/ledger/format.ts";
import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { resolveOptions, type SyncOptions } from "../../src/config/options.ts";
import { releases } from "../../src/sync/releases.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { BUCKET, manyFiles, syncFixture } from "./fixture.ts";

const BUILDERS = 20;

/** Builder n has files n*5 to n*5+15, so that each file is in three builds, and a manifest and a plain file of its own content. */
async function builders(): Promise<readonly TempTree[]> {
  return Promise.all(
    Array.from({ length: BUILDERS }, (_, n) =>
      tempTree({ ...manyFiles(15, n * 5), "assets/.manifest.json": `{"build":${n}}`, "assets/robots.txt": `# ${n}` }),
    ),
  );
}

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
    const overtake = (): void => {
      const { revision, files, releases: recorded } = world.ledger();
      const robots = files.get("assets/robots.txt");
      if (robots === undefined) throw new Error("not in the ledger");
      const sha256 = createHash("sha256").update(rival).digest("hex");
      const theirs = { ...robots, size: rival.length, sha256, revision: revision + 1 };
      place("assets/robots.txt", rival);
      const next = {
        revision: revision + 1,
        files: new Map(files).set("assets/robots.txt", theirs),
        releases: new Map(recorded).set("theirs", { at: 1, keys: ["assets/robots.txt"] }),
      };
      place(LEDGER_KEY, encodeLedger(next));
    };
    let overtaken = false;
    world.double.fail({
      fault: { kind: "delay", milliseconds: 0 },
      matches: ({ method, key }) => {
        if (overtaken || method !== "PUT" || key !== `pre/${LEDGER_KEY}`) return false;
        overtaken = true;
        overtake();
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
    world.double.fail({ fault: { kind: "delay", milliseconds: 1_500 }, matches: isLedgerPut, times: 1 });
    const waiting = sync(va);
    const delayed = await vi.waitUntil(() => world.double.log.find(isLedgerPut), { interval: 5 });
    await sync(vb);
    await sync(vx);
    expect(delayed.status).toBeUndefined();
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

describe("20 builds at once on one target", () => {
  it("leave the union in the ledger of an S3, each release whole and verifiable", async () => {
    await using world = await syncFixture({});
    await using trees = new AsyncDisposableStack();
    const built = (await builders()).map((tree) => trees.use(tree));
    const runs = built.map((tree, n) => {
      const location = { endpoint: world.double.endpoint, region: "us-east-1", pathStyle: true };
      const flags = { to: `s3://${BUCKET}/pre`, release: `v${n}`, ...location };
      return resolveOptions(tree.path, flags, {}, tree.path);
    });
    await Promise.all(runs.map((options) => sync(options)));
    const { files, releases: recorded } = world.ledger();
    expect(recorded.size).toBe(BUILDERS);
    expect([...files.keys()].toSorted()).toEqual([...world.keys()].toSorted());
    expect(files.size).toBe((BUILDERS - 1) * 5 + 15 + 2);
    for (const options of runs) expect((await verify({ receipt: options.receipt })).missing).toEqual([]);
    for (const key of ["assets/.manifest.json", "assets/robots.txt"]) {
      const stored = world.double.objects(BUCKET).get(`pre/${key}`)?.body ?? "";
      expect(files.get(key)?.sha256).toBe(createHash("sha256").update(stored).digest("hex"));
    }
  });

  it("leave the union in the ledger of a folder", async () => {
    await using trees = new AsyncDisposableStack();
    const built = (await builders()).map((tree) => trees.use(tree));
    const store = trees.use(await tempTree());
    const to = `file://${join(store.path, "store")}`;
    const runs = built.map((tree, n) => resolveOptions(tree.path, { to, release: `v${n}` }, {}, tree.path));
    await Promise.all(runs.map((options) => sync(options)));
    const [first] = runs;
    expect(first).toBeDefined();
    if (first === undefined) return;
    expect((await releases(first.target)).length).toBe(BUILDERS);
    for (const options of runs)
      expect(await verify({ receipt: options.receipt })).toMatchObject({ holds: true, missing: [] });
  });
});
