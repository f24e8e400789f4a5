import { spawn } from "node:child_process";
import { once } from "node:events";

import { tempTree } from "@slipway/testkit";
import { expect } from "vitest";

import type { SyncOptions } from "../../src/config/options.ts";
import { UNKNOWN_DIGEST, type Ledger } from "../../src/ledger/ledger.ts";
import { sha256 } from "../../src/scan/digest.ts";
import { releases } from "../../src/sync/releases.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";
import { manyFiles } from "./fixture.ts";

const BUILDERS = 20;
const ROUNDS = 10;
/** How many of the builders are processes; the others share this one. */
const PROCESSES = 4;
const FILES = 15;
const STEP = 5;

/** One target that many builds write to. */
export interface SharedTarget {
  readonly program: string;
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  options(folder: string, release: string): SyncOptions;
  ledger(): Promise<Ledger>;
  stored(key: string): Promise<Buffer>;
  /** All keys of assets at the target. */
  keys(): Promise<readonly string[]>;
}

/**
 * 20 builders at once, 10 rounds on one target. Builder n of a round has 15 files of which each is in three builds, and a
 * manifest and a plain file of its own content. The ledger must be the union; returns the releases that do not hold.
 */
export async function raceBuilders(target: SharedTarget): Promise<readonly string[]> {
  await using trees = new AsyncDisposableStack();
  const receipts: string[] = [];
  const wanted = new Set(["assets/.manifest.json", "assets/robots.txt"]);
  for (let round = 0; round < ROUNDS; round += 1) {
    const builders = await Promise.all(
      Array.from({ length: BUILDERS }, async (_, n) => {
        const files = manyFiles(FILES, round * 10 * STEP + n * STEP);
        for (const key of Object.keys(files)) wanted.add(key);
        const own = `round ${round} builder ${n}`;
        const tree = trees.use(await tempTree({ ...files, "assets/.manifest.json": own, "assets/robots.txt": own }));
        return target.options(tree.path, `r${round}-${n}`);
      }),
    );
    await Promise.all(builders.map((options, n) => (n < PROCESSES ? runProgram(target, options) : sync(options))));
    receipts.push(...builders.map(({ receipt }) => receipt));
  }
  await expectUnion(target, wanted);
  const told = [];
  for (const receipt of receipts) told.push(await verify({ receipt }));
  return told.filter(({ holds, superseded }) => !holds || superseded.length > 2).map(({ release }) => release);
}

async function runProgram({ program, words, env }: SharedTarget, { publicDir, release }: SyncOptions): Promise<void> {
  const child = spawn(program, ["sync", publicDir, "--release", release, "--quiet", ...words], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code]: readonly unknown[] = await once(child, "close");
  expect([said, code]).toEqual(["", 0]);
}

async function expectUnion(target: SharedTarget, wanted: ReadonlySet<string>): Promise<void> {
  const ledger = await target.ledger();
  expect([...ledger.files.keys()].toSorted()).toEqual([...wanted].toSorted());
  expect((await target.keys()).toSorted()).toEqual([...wanted].toSorted());
  expect(ledger.releases.size).toBe(BUILDERS * ROUNDS);
  const { target: place } = target.options("public", "any");
  expect((await releases(place)).every(({ files }) => files === FILES + 2)).toBe(true);
  for (const key of ["assets/.manifest.json", "assets/robots.txt"]) {
    const { sha256: recorded } = ledger.files.get(key) ?? { sha256: UNKNOWN_DIGEST };
    expect([key, recorded]).toEqual([key, sha256(await target.stored(key))]);
  }
}
