import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { tempTree, type TempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { collect } from "../../src/collect/collect.ts";
import { resolveOptions, type SyncOptions } from "../../src/config/options.ts";
import { decodeLedger } from "../../src/ledger/format.ts";
import { LEDGER_KEY, type Ledger } from "../../src/ledger/ledger.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { makeBundle, type Bundle } from "../cli/bundle.ts";
import { BUCKET, syncFixture } from "../sync/fixture.ts";
import { AT_ONCE } from "./collect-fixture.ts";

const RUNS = 50;
const FILES = 12;

let bundle: Bundle;

beforeAll(async () => {
  bundle = await makeBundle();
});
afterAll(() => bundle[Symbol.asyncDispose]());

interface Place {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  options(tree: TempTree, release: string): SyncOptions;
  keys(): Promise<readonly string[]>;
  ledger(): Promise<Ledger>;
}

function files(n: number): Readonly<Record<string, string>> {
  const own = Array.from({ length: FILES }, (_, index) => [
    `assets/part${index}-${(0x1c000000 + n * 64 + index).toString(16)}.js`,
    `${n}`,
  ]);
  return { ...Object.fromEntries(own), "assets/robots.txt": "plain" };
}

/** Kills a collection at a moment of its run, runs another, and then rolls back to what was collected. */
async function killRuns(place: Place): Promise<number> {
  await using tree = await tempTree(files(0));
  await sync(place.options(tree, "v0"));
  let killed = 0;
  let duration = 200;
  for (let n = 1; n <= RUNS; n += 1) {
    await using next = await tempTree(files(n));
    await sync(place.options(next, `v${n}`));
    const began = performance.now();
    if (await isKilled(place, Math.random() * duration)) killed += 1;
    else duration = performance.now() - began;
    await expectWhole(place, `killed ${n}`);
    const target = place.options(next, "any").target;
    await collect({ target, keep: 1, minAge: 0, maxDelete: 1000, runningFrom: [] });
    await expectWhole(place, `again ${n}`);
    const names = await place.keys();
    expect(names.toSorted()).toEqual(Object.keys(files(n)).toSorted());
    if (n % 5 === 0) await rollBack(place, n - 1);
  }
  return killed;
}

async function isKilled({ words, env }: Place, after: number): Promise<boolean> {
  const line = ["collect", "--keep", "1", "--min-age", "0s", "--json", ...words];
  const child = spawn(bundle.program, line, { stdio: "ignore", env: { PATH: process.env["PATH"], ...env } });
  const timer = setTimeout(() => child.kill("SIGKILL"), after);
  const [code, signal]: readonly unknown[] = await once(child, "close");
  clearTimeout(timer);
  expect([0, null]).toContain(code);
  return signal === "SIGKILL";
}

async function expectWhole(place: Place, when: string): Promise<void> {
  const stored = new Set(await place.keys());
  const ledger = await place.ledger();
  const named = [...ledger.files.keys(), ...[...ledger.releases.values()].flatMap(({ keys }) => keys)];
  expect([when, named.filter((key) => !stored.has(key))]).toEqual([when, []]);
}

/** A killed collection leaves a mark, which a rollback to what it deletes waits for: here the clock does. */
async function rollBack(place: Place, n: number): Promise<void> {
  await using tree = await tempTree(files(n));
  const options = place.options(tree, `v${n}`);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  await sync(options, { patience: { pause: aMinute } }).finally(() => vi.useRealTimers());
  expect(await verify({ receipt: options.receipt, deep: true })).toMatchObject({ holds: true, faults: [] });
}

async function aMinute(): Promise<void> {
  vi.setSystemTime(Date.now() + 60_000);
  await AT_ONCE.pause();
}

describe(`collections killed with SIGKILL at ${2 * RUNS} moments`, () => {
  it("leave an S3 on which nothing needed is missing, and the next one ends them", { timeout: 300_000 }, async () => {
    await using world = await syncFixture({});
    const location = { endpoint: world.double.endpoint, region: world.double.region, pathStyle: true };
    const to = `s3://${BUCKET}/pre`;
    const killed = await killRuns({
      words: ["--to", to, "--endpoint", location.endpoint, "--region", location.region, "--path-style"],
      env: {
        AWS_ACCESS_KEY_ID: world.double.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: world.double.credentials.secretAccessKey,
      },
      options: (tree, release) => resolveOptions(tree.path, { to, release, ...location }, {}, tree.path),
      keys: async () => world.keys(),
      ledger: async () => world.ledger(),
    });
    expect(killed).toBeGreaterThan(RUNS / 3);
  });

  it(
    "leave a folder on which nothing needed is missing, and the next one ends them",
    { timeout: 300_000 },
    async () => {
      await using store = await tempTree();
      const to = `file://${store.path}`;
      const killed = await killRuns({
        words: ["--to", to],
        env: {},
        options: (tree, release) => resolveOptions(tree.path, { to, release }, {}, tree.path),
        keys: async () => (await readdir(join(store.path, "assets"))).map((name) => `assets/${name}`),
        ledger: async () => decodeLedger(await readFile(join(store.path, LEDGER_KEY)), to),
      });
      expect(killed).toBeGreaterThan(RUNS / 3);
    },
  );
});
