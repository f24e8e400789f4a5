import { readdir, readFile, utimes } from "node:fs/promises";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { resolveOptions } from "../../src/config/options.ts";
import { decodeLedger } from "../../src/ledger/format.ts";
import { LEDGER_KEY } from "../../src/ledger/ledger.ts";
import { sync } from "../../src/sync/sync.ts";
import { makeBundle, type Bundle } from "../cli/bundle.ts";
import { BUCKET, syncFixture } from "./fixture.ts";
import { killRuns, leftovers, releaseTree, type KillTarget } from "./kill-runs.ts";

/** Runs killed on each kind of target, in lanes that go side by side. */
const LANES = 4;
const RUNS = 50;

let bundle: Bundle;

beforeAll(async () => {
  bundle = await makeBundle();
});
afterAll(() => bundle[Symbol.asyncDispose]());

describe(`programs killed with SIGKILL at ${LANES * RUNS} moments, run again with the same build or the next`, () => {
  it("leave an S3 that is right each time, with nothing begun and not ended", { timeout: 600_000 }, async () => {
    await using world = await syncFixture({});
    const lanes = Array.from({ length: LANES }, (_, lane) => s3Lane(world, `lane-${lane}`));
    const killed = await Promise.all(lanes.map((lane) => killRuns(bundle.program, lane, RUNS)));
    expect(killed.reduce((sum, each) => sum + each, 0)).toBeGreaterThan((LANES * RUNS) / 2);
    expect(world.double.uploads(BUCKET)).toEqual([]);
    expect(leftovers([...world.double.objects(BUCKET).keys()])).toEqual([]);
  });

  it(
    "leave a folder that is right each time, and whose drafts go when they are a day old",
    { timeout: 600_000 },
    async () => {
      await using store = await tempTree();
      const lanes = Array.from({ length: LANES }, (_, lane) => folderLane(join(store.path, `lane-${lane}`)));
      const killed = await Promise.all(lanes.map((lane) => killRuns(bundle.program, lane, RUNS)));
      expect(killed.reduce((sum, each) => sum + each, 0)).toBeGreaterThan((LANES * RUNS) / 2);
      const names = await readdir(store.path, { recursive: true });
      for (const name of leftovers(names)) await utimes(join(store.path, name), 0, 0);
      for (const lane of lanes) {
        await using tree = await tempTree(releaseTree(10 * RUNS));
        await sync(lane.options(tree, "last"));
      }
      expect(leftovers(await readdir(store.path, { recursive: true }))).toEqual([]);
    },
  );
});

function s3Lane({ double }: Awaited<ReturnType<typeof syncFixture>>, lane: string): KillTarget {
  const to = `s3://${BUCKET}/${lane}`;
  const location = { endpoint: double.endpoint, region: double.region, pathStyle: true };
  const read = async (key: string): Promise<Buffer | undefined> => double.objects(BUCKET).get(`${lane}/${key}`)?.body;
  let watched: (() => void) | undefined;
  let seen = 0;
  double.fail({
    fault: { kind: "delay", milliseconds: 0 },
    matches: ({ key }) => {
      if (key.startsWith(`${lane}/`)) watched?.();
      return false;
    },
  });
  return {
    words: ["--to", to, "--endpoint", double.endpoint, "--region", double.region, "--path-style"],
    env: {
      AWS_ACCESS_KEY_ID: double.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: double.credentials.secretAccessKey,
    },
    options: (tree, release) => resolveOptions(tree.path, { to, release, ...location }, {}, tree.path),
    stored: read,
    ledger: async () => decodeLedger((await read(LEDGER_KEY)) ?? Buffer.alloc(0), lane),
    killAtRequest: (child, n) => {
      seen = 0;
      watched = () => {
        if (seen === n) child.kill("SIGKILL");
        seen += 1;
      };
    },
    reset: () => {
      watched = undefined;
    },
  };
}

function folderLane(directory: string): KillTarget {
  const to = `file://${directory}`;
  const read = (key: string): Promise<Buffer | undefined> =>
    readFile(join(directory, key)).catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    });
  return {
    words: ["--to", to],
    env: {},
    options: (tree, release) => resolveOptions(tree.path, { to, release }, {}, tree.path),
    stored: read,
    ledger: async () => decodeLedger((await read(LEDGER_KEY)) ?? Buffer.alloc(0), directory),
  };
}
