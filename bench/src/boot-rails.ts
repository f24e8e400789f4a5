import { readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { basename, join } from "node:path";

import { lookUpServices } from "@slipway/testkit";

import { exampleApp, MOUNTED, smallApp, type RailsImage } from "./boot-apps.ts";
import { backEndsHere, type BackEndKind } from "./boot-back-ends.ts";
import { runDocker } from "./boot-docker.ts";
import type { BootPeer } from "./boot-peers.ts";
import { programFolder } from "./boot-program.ts";
import type { Timing } from "./interleave.ts";
import type { Programs } from "./programs.ts";
import { NotReadyError, type BenchResult, type BenchSettings } from "./result.ts";
import { ratioOf, spreadOf } from "./summary.ts";

const ROUNDS = 20;

const DRIVER = basename(import.meta.resolve("./boot-rails-driver.ts"));

const FLOOR = join(import.meta.dirname, "boot-floor.ts");

/** What is started, and what is said of its figures; those of the example app are what is promised. */
interface Comparison {
  readonly app: RailsImage;
  readonly database: string;
  readonly suffix: string;
  /** What is behind the database in the group's name; the suffix when left out. */
  readonly where?: string;
  /** How many processors the container may use; all when left out. */
  readonly cpus?: string;
}

/** A start with nothing pending beside `rails db:migrate`, by turns in one container. */
export async function nothingPending(
  { rounds = ROUNDS, anyway }: BenchSettings,
  programs: Programs<BootPeer>,
): Promise<BenchResult> {
  const docker = lookUpServices("docker");
  if (!docker.available && !anyway) throw new NotReadyError(`bench boot ${docker.reason}; --anyway leaves it out`);
  if (!docker.available) return { versions: {}, timings: [], figures: {}, remarks: [docker.reason] };
  const here = new Map(backEndsHere(programs).kinds.map((kind) => [kind.name, kind]));
  if (!here.has("PostgreSQL") && !here.has("MariaDB")) return { versions: {}, timings: [], figures: {} };
  await using example = await exampleApp();
  await using small = smallApp();
  const comparisons: readonly Comparison[] = [
    { app: example, database: "PostgreSQL", suffix: "" },
    // what the reference deployment's dev workspace gives its web service
    { app: example, database: "PostgreSQL", suffix: ", half a CPU", cpus: "0.5" },
    { app: small, database: "PostgreSQL", suffix: ", small app" },
    { app: small, database: "MariaDB", suffix: ", small app on MariaDB", where: ", small app" },
  ];
  const results: BenchResult[] = [];
  for (const comparison of comparisons) {
    const database = here.get(comparison.database);
    if (database !== undefined) results.push(await beside(comparison, database, rounds));
  }
  return {
    versions: {
      rails: runDocker(["run", "--rm", small.image, "rails", "--version"])
        .replace(/^Rails /, "")
        .trim(),
    },
    timings: results.flatMap(({ timings }) => timings),
    figures: Object.assign({}, ...results.map(({ figures }) => figures)) as BenchResult["figures"],
  };
}

async function beside(
  { app, suffix, where = suffix, cpus }: Comparison,
  { name, make }: BackEndKind,
  rounds: number,
): Promise<BenchResult> {
  await using database = await make();
  using folder = programFolder();
  app.prepare(folder.path);
  const tasks = [{ task: "migrate", run: ["bin/rails", "db:migrate"], election: "${DATABASE_URL}" }];
  writeFileSync(join(folder.path, "entrypoint.json"), JSON.stringify({ tasks }));
  // The other database's log-in is not written by hand.
  if (name === "PostgreSQL")
    writeFileSync(join(folder.path, "floor.cjs"), stripTypeScriptTypes(readFileSync(FLOOR, "utf8")));
  const url = database.url.replace(/^mysql2:/, "trilogy:");
  const env = { RAILS_ENV: "production", HOME: "/tmp", SECRET_KEY_BASE_DUMMY: "1", DATABASE_URL: url };
  const set = Object.entries(env).map(([key, value]) => `--env=${key}=${value}`);
  const user = `--user=${String(process.getuid?.())}:${String(process.getgid?.())}`;
  const mounts = [`--volume=${folder.path}:${MOUNTED}`, `--volume=${import.meta.dirname}:/bench:ro`];
  const share = cpus === undefined ? [] : [`--cpus=${cpus}`];
  const place = ["--network=host", `--workdir=${app.root}`, "--entrypoint=node", user, ...share];
  const driver = [`/bench/${DRIVER}`, MOUNTED, String(rounds)];
  const said = runDocker(["run", "--rm", ...place, ...set, ...mounts, app.image, ...driver]);
  const timings = (JSON.parse(said) as readonly Timing[]).map((one) => ({
    ...one,
    group: `nothing pending, ${name}${where}`,
    name: `${one.name}${suffix}`,
  }));
  return { versions: {}, timings, figures: figuresOf(timings, suffix) };
}

function figuresOf([own, rails, nothing, floor]: readonly Timing[], suffix: string): BenchResult["figures"] {
  if (own === undefined || rails === undefined || nothing === undefined) throw new Error("the driver timed too little");
  const added = beyond(own, nothing);
  const least = floor && beyond(floor, nothing);
  return {
    [`rails db:migrate / added by run, nothing pending${suffix}`]: ratioOf(rails, added),
    [`run, nothing pending: added before the app${suffix}, ms`]: spreadOf(added.samples).median,
    ...(least && {
      [`rails db:migrate / added by the floor${suffix}`]: ratioOf(rails, least),
      [`added by run / added by the floor, nothing pending${suffix}`]: ratioOf(added, least),
    }),
  };
}

/** What a start takes beyond starting the app alone, round by round. */
function beyond(start: Timing, app: Timing): Timing {
  return { ...start, samples: start.samples.map((ms, round) => ms - (app.samples[round] ?? Number.NaN)) };
}
