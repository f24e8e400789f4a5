import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { lookUpServices } from "@slipway/testkit";

import { backEndsHere, type BackEndKind } from "./boot-back-ends.ts";
import { programFolder } from "./boot-program.ts";
import type { Timing } from "./interleave.ts";
import { NotReadyError, type BenchResult, type BenchSettings } from "./result.ts";
import { ratioOf, spreadOf } from "./summary.ts";

const ROUNDS = 10;
/** A small app and an image of Rails 8.1 for it; the entrypoint's own tests migrate it too. */
const APP = join(import.meta.dirname, "../../packages/entrypoint/test/fixtures/rails-app");

const DRIVER = basename(import.meta.resolve("./boot-rails-driver.ts"));

/**
 * A start with nothing pending beside `rails db:migrate`, by turns in one container. The app has no gems but Rails'
 * own, the drivers and bootsnap, so that a real one's migration takes longer.
 */
export async function nothingPending({ rounds = ROUNDS, anyway }: BenchSettings): Promise<BenchResult> {
  const docker = lookUpServices("docker");
  if (!docker.available && !anyway) throw new NotReadyError(`bench boot ${docker.reason}; --anyway leaves it out`);
  if (!docker.available) return { versions: {}, timings: [], figures: {}, remarks: [docker.reason] };
  const image = `slipway-bench-rails:${randomBytes(6).toString("hex")}`;
  run(["build", "--quiet", "--network", "host", "--tag", image, APP]);
  try {
    const databases = backEndsHere().kinds.filter(({ name }) => name in SUFFIXES);
    const results: BenchResult[] = [];
    for (const database of databases) results.push(await beside(database, image, rounds));
    return {
      versions: { rails: run(["run", "--rm", image, "rails", "--version"]).trim() },
      timings: results.flatMap(({ timings }) => timings),
      figures: Object.assign({}, ...results.map(({ figures }) => figures)) as BenchResult["figures"],
    };
  } finally {
    run(["image", "rm", "--force", image]);
  }
}

/** What is said of a database's figures; those of PostgreSQL are what is promised. */
const SUFFIXES: Readonly<Record<string, string>> = { PostgreSQL: "", MariaDB: ", MariaDB" };

async function beside({ name, make }: BackEndKind, image: string, rounds: number): Promise<BenchResult> {
  await using database = await make();
  using folder = programFolder();
  cpSync(APP, folder.path, { recursive: true });
  const tasks = [{ task: "migrate", run: ["bin/rails", "db:migrate"], election: "${DATABASE_URL}" }];
  writeFileSync(join(folder.path, "entrypoint.json"), JSON.stringify({ tasks }));
  const url = database.url.replace(/^mysql2:/, "trilogy:");
  const env = { RAILS_ENV: "production", HOME: "/tmp", DATABASE_URL: url };
  const set = Object.entries(env).map(([key, value]) => `--env=${key}=${value}`);
  const user = `--user=${String(process.getuid?.())}:${String(process.getgid?.())}`;
  const mounts = [`--volume=${folder.path}:/app`, `--volume=${import.meta.dirname}:/bench:ro`];
  const driver = ["node", `/bench/${DRIVER}`, "/app/entrypoint/entrypoint.cjs", String(rounds)];
  const said = run(["run", "--rm", "--network=host", user, ...set, ...mounts, image, ...driver]);
  const suffix = SUFFIXES[name] ?? "";
  const timings = (JSON.parse(said) as readonly Timing[]).map((one) => ({
    ...one,
    group: name,
    name: `${one.name}${suffix}`,
  }));
  return { versions: {}, timings, figures: figuresOf(timings, suffix) };
}

function figuresOf([own, rails, nothing]: readonly Timing[], suffix: string): BenchResult["figures"] {
  if (own === undefined || rails === undefined || nothing === undefined) throw new Error("the driver timed too little");
  const added = spreadOf(own.samples).median - spreadOf(nothing.samples).median;
  return {
    [`rails db:migrate / run, nothing pending${suffix}`]: ratioOf(rails, own),
    [`run, nothing pending: added before the app${suffix}, ms`]: added,
  };
}

function run(words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("docker", words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`docker ${words.slice(0, 2).join(" ")} ended with ${String(status)}: ${stderr}`);
  return stdout;
}
