import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { makeBundle, type Bundle } from "../cli/bundle.ts";
import { BUCKET, BUILD, syncFixture } from "./fixture.ts";

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
