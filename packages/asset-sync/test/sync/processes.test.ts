import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { parseTarget } from "../../src/config/target.ts";
import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { releases } from "../../src/sync/releases.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { makeBundle, type Bundle } from "../cli/bundle.ts";
import { BUCKET, BUILD, manyFiles, syncFixture } from "./fixture.ts";

const N = Object.keys(BUILD).length;

let bundle: Bundle;

beforeAll(async () => {
  bundle = await makeBundle();
});
afterAll(() => bundle[Symbol.asyncDispose]());

describe("a sync killed with SIGKILL", () => {
  it.each(Array.from({ length: N + 2 }, (_, index) => index))(
    "at request %d leaves a ledger that names only what is there, and the next run completes it",
    async (index) => {
      await using world = await syncFixture();
      const words = ["sync", world.tree.path, "--to", `s3://${BUCKET}/pre`, "--release", "v1"];
      const location = ["--endpoint", world.double.endpoint, "--region", "us-east-1", "--path-style"];
      const child = spawn(bundle.program, [...words, ...location], { stdio: "ignore", env: process.env });
      world.double.fail({
        fault: { kind: "cut", when: "after" },
        matches: (_, n) => n === index && child.kill("SIGKILL"),
        times: 1,
      });
      const [code, signal] = await once(child, "close");
      expect([code, signal]).toEqual([null, "SIGKILL"]);
      const stored = new Set(world.keys());
      const recorded = world.double.objects(BUCKET).has(`pre/${LEDGER_KEY}`) ? [...world.ledger().files.keys()] : [];
      expect(recorded.filter((key) => !stored.has(key))).toEqual([]);
      await sync(world.options());
      expect(world.keys().toSorted()).toEqual(Object.keys(BUILD).toSorted());
      expect(await verify({ receipt: world.options().receipt })).toMatchObject({ holds: true });
      expect((await readdir(join(world.tree.path))).toSorted()).toEqual([".asset-receipt.json", "assets"]);
    },
  );
});

/** The program, syncing another build as `v2` to where the fixture's first one is. */
function startSecondRelease(publicDir: string, endpoint: string): ChildProcess {
  const words = ["sync", publicDir, "--to", `s3://${BUCKET}/pre`, "--release", "v2"];
  const location = ["--endpoint", endpoint, "--region", "us-east-1", "--path-style"];
  return spawn(bundle.program, [...words, ...location], { stdio: "ignore", env: process.env });
}

describe("a sync killed with SIGKILL after it has replaced a plain file", () => {
  it("leaves a ledger that a sync of the old release believes, until it is told to --refresh", async () => {
    await using world = await syncFixture();
    await using next = await tempTree({ ...BUILD, "assets/robots.txt": "second" });
    await sync(world.options());
    const child = startSecondRelease(next.path, world.double.endpoint);
    world.double.fail({
      fault: { kind: "cut", when: "before" },
      matches: ({ method, key }) => method === "PUT" && key.endsWith(LEDGER_KEY) && child.kill("SIGKILL"),
      times: 1,
    });
    expect(await once(child, "close")).toEqual([null, "SIGKILL"]);
    const stored = (): string | undefined => world.double.objects(BUCKET).get("pre/assets/robots.txt")?.body.toString();
    await sync(world.options());
    expect(stored()).toBe("second");
    await sync(world.options({ refresh: true }));
    expect(stored()).toBe(BUILD["assets/robots.txt"]);
  });
});

describe("a sync that gets SIGTERM while a plain file is under way", () => {
  it("ends with 143 and a ledger from which the old release is repaired", async () => {
    await using world = await syncFixture();
    await using next = await tempTree({ ...BUILD, "assets/robots.txt": "second" });
    await sync(world.options());
    const child = startSecondRelease(next.path, world.double.endpoint);
    let told = false;
    world.double.fail({
      fault: { kind: "cut", when: "after" },
      matches: ({ method, key }) => {
        if (method !== "PUT" || !key.endsWith("robots.txt")) return false;
        told ||= child.kill("SIGTERM");
        return true;
      },
    });
    expect(await once(child, "close")).toEqual([143, null]);
    world.double.clearFaults();
    const stored = (): string | undefined => world.double.objects(BUCKET).get("pre/assets/robots.txt")?.body.toString();
    expect(stored()).toBe("second");
    await sync(world.options());
    expect(stored()).toBe(BUILD["assets/robots.txt"]);
  });
});

describe("10 processes on one folder", () => {
  it("leave a ledger that has every release", async () => {
    await using trees = new AsyncDisposableStack();
    const store = trees.use(await tempTree());
    const to = `file://${join(store.path, "store")}`;
    const built = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => trees.use(await tempTree(manyFiles(6, n * 3)))),
    );
    const codes = await Promise.all(
      built.map(async (tree, n) => {
        const child = spawn(bundle.program, ["sync", tree.path, "--to", to, "--release", `v${n}`], { stdio: "ignore" });
        const [code] = await once(child, "close");
        return code;
      }),
    );
    expect(codes).toEqual(built.map(() => 0));
    for (const tree of built) {
      expect(await verify({ receipt: join(tree.path, ".asset-receipt.json") })).toMatchObject({ holds: true });
    }
    expect((await releases(parseTarget(to))).length).toBe(10);
  });
});
