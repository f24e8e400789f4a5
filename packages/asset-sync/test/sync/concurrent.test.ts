import { createHash } from "node:crypto";
import { join } from "node:path";

import { tempTree, type TempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { encodeLedger } from "../../src/ledger/format.ts";
import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { resolveOptions } from "../../src/config/options.ts";
import { releases } from "../../src/sync/releases.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { BUCKET, manyFiles, syncFixture } from "./fixture.ts";

const BUILDERS = 20;

/** Builder n has files n*5 to n*5+15, so that each file is in three builds, and a manifest of its own content. */
async function builders(): Promise<readonly TempTree[]> {
  return Promise.all(
    Array.from({ length: BUILDERS }, (_, n) =>
      tempTree({ ...manyFiles(15, n * 5), "assets/.manifest.json": `{"build":${n}}` }),
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
    expect(files.size).toBe((BUILDERS - 1) * 5 + 15 + 1);
    for (const options of runs) expect((await verify({ receipt: options.receipt })).missing).toEqual([]);
    const manifest = world.double.objects(BUCKET).get("pre/assets/.manifest.json")?.body ?? "";
    expect(files.get("assets/.manifest.json")?.sha256).toBe(createHash("sha256").update(manifest).digest("hex"));
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
