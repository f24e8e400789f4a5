import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { serviceVariable, startCountingProxy, type CountingProxy } from "@slipway/testkit";

import { inParallel, put, removeBucket } from "./bare-s3.ts";
import { interleave, type BenchCase, type Timing } from "./interleave.ts";
import type { BenchResult } from "./main.ts";
import { ratioOf } from "./summary.ts";

const execute = promisify(execFile);

/** Smaller ones, for a try: BENCH_FILES, BENCH_FOREIGN, BENCH_ROUNDS. */
const FILES = count("BENCH_FILES", 3_000);
const FOREIGN = count("BENCH_FOREIGN", 20_000);
const ROUNDS = count("BENCH_ROUNDS", 3);
const PACKAGE = join(import.meta.dirname, "../../packages/asset-sync");
const PROGRAM = join(PACKAGE, "dist/bundle/asset-sync.mjs");

/** How many times as long as ours another tool has to take. */
const TARGETS: Readonly<Record<"first" | "again", Readonly<Record<string, number>>>> = {
  first: { rclone: 1, "bare ceiling": 0.85 },
  again: { asset_sync: 10, rclone: 4 },
};

/**
 * First upload and the same release again beside objects of somebody else, against the S3 service through a counting
 * proxy with 0 and 20 ms added to each round trip. Needs the S3 service; rclone and the gem asset_sync are timed where
 * they are there (`rclone` on the PATH, `ASSET_SYNC_GEM_HOME` with the gem installed).
 */
export async function bench(): Promise<BenchResult> {
  await execute(join(PACKAGE, "node_modules/.bin/rolldown"), ["-c"], { cwd: PACKAGE });
  await using place = await makePlace();
  await fill(place, FOREIGN);
  const timings: Timing[] = [];
  const figures: Record<string, number> = {};
  const targets: Record<string, number> = {};
  for (const delay of [0, 20]) {
    await using proxy = await startCountingProxy(serviceVariable("TEST_S3_ENDPOINT"), delay);
    const first = await interleave(await firstUploads(place, proxy), ROUNDS);
    const again = await interleave(await sameAgain(place, proxy), ROUNDS);
    timings.push(...named(`first upload, ${delay} ms`, first), ...named(`same release, ${delay} ms`, again));
    for (const [which, name, made] of [
      ["first", "first upload", first],
      ["again", "same release", again],
    ] as const) {
      const [ours, ...rest] = made;
      for (const timing of ours === undefined ? [] : rest) {
        const figure = `${name}, ${delay} ms: ${timing.name} / ours`;
        figures[figure] = ratioOf(timing, ours ?? timing);
        const target = TARGETS[which][timing.name];
        if (target !== undefined) targets[figure] = target;
      }
    }
  }
  return { versions: await versions(), timings, figures, targets };
}

interface Place extends AsyncDisposable {
  readonly tree: string;
  readonly bucket: string;
}

interface Tool {
  readonly name: string;
  upload(place: Place, endpoint: string, prefix: string): Promise<void>;
}

const OURS: Tool = {
  name: "asset-sync",
  upload: async ({ tree, bucket }, endpoint, prefix) => {
    const words = [
      "sync",
      tree,
      "--to",
      `s3://${bucket}/${prefix}`.replace(/\/$/, ""),
      "--release",
      "v1",
      "--endpoint",
      endpoint,
    ];
    await execute(process.execPath, [PROGRAM, ...words, "--path-style", "--region", "us-east-1", "--quiet"], {
      env: environment(),
    });
  },
};

const RCLONE: Tool = {
  name: "rclone",
  upload: async ({ tree, bucket }, endpoint, prefix) => {
    const flags = ["--transfers", "64", "--checkers", "64", "--checksum", "--fast-list"];
    const s3 = [
      "--s3-provider",
      "Ceph",
      "--s3-env-auth",
      "--s3-endpoint",
      endpoint,
      "--s3-no-head",
      "--s3-no-check-bucket",
    ];
    await execute(
      "rclone",
      [
        "copy",
        join(tree, "assets"),
        `:s3:${[bucket, prefix, "assets"].filter((part) => part !== "").join("/")}`,
        ...flags,
        ...s3,
      ],
      {
        env: { ...environment(), RCLONE_CONFIG: "/dev/null" },
      },
    );
  },
};

const GEM: Tool = {
  name: "asset_sync",
  upload: async ({ tree, bucket }, endpoint, prefix) => {
    const { hostname, port } = new URL(endpoint);
    if (prefix !== "") throw new Error("the gem has no prefix in front of its folder");
    const settings = { tree, bucket, hostname, port };
    await execute("ruby", ["-e", GEM_SCRIPT, JSON.stringify(settings)], {
      env: { ...environment(), GEM_HOME: process.env["ASSET_SYNC_GEM_HOME"] ?? "" },
    });
  },
};

const GEM_SCRIPT = `
require "json"; require "pathname"; require "fog/aws"; require "asset_sync"
s = JSON.parse(ARGV[0])
Dir.chdir(s["tree"])
AssetSync.configure do |c|
  c.fog_provider = "AWS"; c.fog_directory = s["bucket"]; c.fog_region = "us-east-1"
  c.fog_host = s["hostname"]; c.fog_port = s["port"].to_i; c.fog_scheme = "http"; c.fog_path_style = true; c.fog_public = "default"
  c.aws_access_key_id = ENV["AWS_ACCESS_KEY_ID"]; c.aws_secret_access_key = ENV["AWS_SECRET_ACCESS_KEY"]
  c.public_path = Pathname.new(s["tree"]); c.prefix = "assets"; c.concurrent_uploads = true
end
AssetSync.sync
`;

/** What no client can be faster than by much: signed requests on kept connections, and nothing else. */
const CEILING: Tool = {
  name: "bare ceiling",
  upload: async ({ tree, bucket }, endpoint, prefix) => {
    await inParallel(await readdir(join(tree, "assets")), async (name, agent) =>
      put(agent, endpoint, `/${bucket}/${prefix}/assets/${name}`, await readFile(join(tree, "assets", name))),
    );
  },
};

async function firstUploads(place: Place, proxy: CountingProxy): Promise<readonly BenchCase[]> {
  const tools = [OURS, CEILING, ...(await others())].filter(({ name }) => name !== "asset_sync");
  return tools.map((tool) => ({
    name: tool.name,
    run: () => tool.upload(place, proxy.endpoint, `first-${randomUUID()}`),
  }));
}

async function sameAgain(place: Place, proxy: CountingProxy): Promise<readonly BenchCase[]> {
  const tools = [OURS, ...(await others())];
  return tools.map((tool) => ({ name: tool.name, run: () => tool.upload(place, proxy.endpoint, "") }));
}

async function others(): Promise<readonly Tool[]> {
  const rclone = await execute("rclone", ["version"]).then(
    () => [RCLONE],
    () => [],
  );
  return process.env["ASSET_SYNC_GEM_HOME"] === undefined ? rclone : [...rclone, GEM];
}

async function makePlace(): Promise<Place> {
  const tree = await mkdtemp(join(tmpdir(), "bench-assets-"));
  await mkdir(join(tree, "assets"));
  for (let n = 0; n < FILES; n += 1) {
    // Sizes as a Rails build has them: a median of 10 KB, few of some hundred.
    const body = Buffer.alloc(Math.round(10_000 * 4 ** (((n * 7919) % 1000) / 250 - 2)), `file ${n} `);
    const fingerprint = createHash("sha256").update(body).digest("hex");
    await writeFile(join(tree, "assets", `file${n}-${fingerprint}.js`), body);
  }
  const bucket = `bench-assets-${randomUUID()}`;
  await put(new Agent(), serviceVariable("TEST_S3_ENDPOINT"), `/${bucket}`, Buffer.alloc(0));
  return {
    tree,
    bucket,
    [Symbol.asyncDispose]: async () => {
      await rm(tree, { recursive: true });
      await removeBucket(bucket);
    },
  };
}

/** Objects of somebody else, in the folder of the assets: the gem looks nowhere else. */
async function fill({ bucket }: Place, objects: number): Promise<void> {
  const endpoint = serviceVariable("TEST_S3_ENDPOINT");
  const paths = Array.from({ length: objects }, (_, n) => `/${bucket}/assets/foreign-${n}.js`);
  await inParallel(paths, (path, agent) => put(agent, endpoint, path, Buffer.from("x")));
}

function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: tmpdir(),
    AWS_ACCESS_KEY_ID: serviceVariable("TEST_S3_ACCESS_KEY_ID"),
    AWS_SECRET_ACCESS_KEY: serviceVariable("TEST_S3_SECRET_ACCESS_KEY"),
  };
}

function named(prefix: string, timings: readonly Timing[]): readonly Timing[] {
  return timings.map(({ name, samples }) => ({ name: `${prefix}: ${name}`, samples }));
}

/** A count from the environment. */
function count(name: string, usual: number): number {
  const given = Number(process.env[name] ?? usual);
  if (Number.isSafeInteger(given) && given > 0) return given;
  throw new Error(`${name} is ${JSON.stringify(process.env[name])}: expected a whole number above 0`);
}

async function versions(): Promise<Readonly<Record<string, string>>> {
  const gems = process.env["ASSET_SYNC_GEM_HOME"] ?? "";
  return {
    rclone: await firstLine("rclone", ["version"]),
    asset_sync: await firstLine("ruby", [
      "-e",
      'puts Dir.children(ARGV[0] + "/specifications").grep(/asset_sync/)',
      gems,
    ]),
  };
}

async function firstLine(command: string, words: readonly string[]): Promise<string> {
  return execute(command, [...words]).then(
    ({ stdout }) => stdout.split("\n")[0] ?? "",
    () => "not there",
  );
}
