import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { delimiter, join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { execa } from "execa";

import { freePorts } from "../free-ports.ts";
import { untilInterrupted } from "../interruption.ts";
import { checkPage, type PageCheck, sayAssets } from "../page.ts";
import { baseImageCommand, programFile } from "../programs.ts";
import { heading, runForSummary, runShown, say } from "../screen.ts";
import { type AppProcess, startApp } from "./app-process.ts";
import { writeAssetTree } from "./asset-tree.ts";
import { serveStore } from "./store-server.ts";

const HERE = join(import.meta.dirname, "..", "..");
const ROOT = join(HERE, "..", "..");

/** Where the demo leaves what it made, unless told otherwise. */
export const DEMO_DIRECTORY: string = join(ROOT, "tmp", "demo");

const STARTS = 5;
const SERVING_DEADLINE_MS = 30_000;

/** What the demo came to. */
export interface DemoOutcome {
  /** Requests of the first sync, of the same release again, of a new release with nothing changed. */
  readonly requests: readonly number[];
  /** How often each migration version was applied, as the database counted. */
  readonly applied: ReadonlyMap<string, number>;
  /** The page of each process, with its assets. */
  readonly pages: readonly PageCheck[];
}

/**
 * The chain on embedded defaults: a folder as the store, SQLite as the database, processes instead of containers. It
 * shows each step on the terminal and leaves its files in `directory`, which is emptied first.
 */
export async function runEmbeddedDemo(directory: string, stay: boolean): Promise<DemoOutcome> {
  await prepareFolder(directory);
  await showBaseImage();
  const requests = await syncReleases(directory);

  heading(`${STARTS} starts at once: verify the assets, migrate once, become the app`);
  await using store = await serveStore(join(directory, "store"));
  await using apps = new AsyncDisposableStack();
  const started = await startAll(directory, store.url, apps);
  const applied = countApplied(directory);
  const pages = await Promise.all(started.map((app) => checkPage(app.url, store.url)));

  const outcome = { requests, applied, pages };
  summarise(outcome, directory);
  await sayDocker();
  if (stay) {
    say(`\nLook at ${started.map((app) => app.url).join("  ")}\nCtrl-C stops them.`);
    await untilInterrupted();
  }
  return outcome;
}

async function prepareFolder(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(join(directory, "bin"), { recursive: true });
  for (const name of ["asset-sync", "entrypoint"] as const)
    await symlink(programFile(name), join(directory, "bin", name));
  await writeAssetTree(join(HERE, "assets"), join(directory, "public"));
  // the trigger counts what is applied: the database's own word, not ours
  const database = new DatabaseSync(join(directory, "demo.sqlite3"));
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE schema_migrations (version TEXT NOT NULL);
    CREATE TABLE applied_log (version TEXT NOT NULL);
    CREATE TRIGGER log_applied AFTER INSERT ON schema_migrations BEGIN INSERT INTO applied_log VALUES (NEW.version); END;
  `);
  database.close();
}

async function showBaseImage(): Promise<void> {
  heading("The base image: one typed definition, its Dockerfile and its plan");
  const cwd = join(ROOT, "examples", "base-image");
  for (const verb of [
    ["render", "--variant", "runtime"],
    ["explain", "--variant", "runtime"],
  ]) {
    await runShown({ typed: `base-image ${verb.join(" ")}`, command: [...baseImageCommand(), ...verb], cwd });
  }
}

/** Syncs three times, as three builds would, and answers the requests each took. */
async function syncReleases(directory: string): Promise<readonly number[]> {
  heading("The assets: to the store before any image names them");
  const releases = ["2026-11-a", "2026-11-a", "2026-11-b"];
  const totals: number[] = [];
  for (const release of releases) totals.push(await syncRelease(directory, release));
  return totals;
}

async function syncRelease(directory: string, release: string): Promise<number> {
  const args = ["sync", "public", "--to", `file://${join(directory, "store")}`, "--release", release];
  const summary = await runForSummary({
    typed: `asset-sync sync public --to file://…/store --release ${release}`,
    command: [process.execPath, programFile("asset-sync"), ...args, "--json"],
    cwd: directory,
  });
  say();
  return (summary as { readonly requests: { readonly total: number } }).requests.total;
}

async function startAll(
  directory: string,
  assetHost: string,
  apps: AsyncDisposableStack,
): Promise<readonly AppProcess[]> {
  const app = join(HERE, "app");
  const definition = {
    receipt: "public/.asset-receipt.json",
    tasks: [
      { task: "verify-assets", receipt: "public/.asset-receipt.json" },
      {
        task: "migrate",
        run: ["node", join(app, "migrate.ts")],
        election: `file://${join(directory, "election.lock")}`,
        deadline: "60s",
      },
    ],
  };
  await writeFile(join(directory, "entrypoint.json"), `${JSON.stringify(definition, null, 2)}\n`);
  say(`$ entrypoint run -- node server.ts   (${STARTS} times)`);
  const env = {
    ...process.env,
    PATH: [join(directory, "bin"), process.env["PATH"]].join(delimiter),
    DATABASE_PATH: join(directory, "demo.sqlite3"),
    ASSET_HOST: assetHost,
  };
  const command = [process.execPath, programFile("entrypoint"), "run", "--", "node", join(app, "server.ts")];
  const ports = await freePorts(STARTS);
  const started = await Promise.all(ports.map((port) => startApp(command, port, { cwd: directory, env })));
  for (const each of started) apps.use(each);
  await Promise.all(started.map((each) => each.untilServing(SERVING_DEADLINE_MS)));
  for (const each of started) say(indent(each.output(), `${each.pid} | `));
  return started;
}

function countApplied(directory: string): ReadonlyMap<string, number> {
  const database = new DatabaseSync(join(directory, "demo.sqlite3"), { readOnly: true });
  const rows = database
    .prepare("SELECT version, count(*) AS times FROM applied_log GROUP BY version ORDER BY version")
    .all();
  database.close();
  return new Map(rows.map((row) => [String(row["version"]), Number(row["times"])]));
}

function summarise({ requests, applied, pages }: DemoOutcome, directory: string): void {
  heading("What happened");
  const [first, same, next] = requests;
  say(`assets      first sync ${first} requests, the same release again ${same},`);
  say(`            a new release with nothing changed ${next}`);
  for (const [version, times] of applied)
    say(`migration   ${version} applied ${times === 1 ? "once" : `${times} times`}`);
  say(`processes   ${pages.length} serve, each under the process id it was started with`);
  sayAssets(pages[0]);
  say(`\nLook into ${relative(process.cwd(), directory)}:`);
  say("  public/ and its .asset-receipt.json   the build, and what the image takes along");
  say("  store/                                what browsers load");
  say("  entrypoint.json                       the start-up");
  say("  demo.sqlite3                          the schema");
}

async function sayDocker(): Promise<void> {
  const docker = await execa("docker", ["version", "--format", "{{.Server.Version}}"], {
    reject: false,
    stderr: "ignore",
  });
  if (docker.exitCode !== 0) return;
  say(`\nDocker ${docker.stdout} answers here; the same with real images, S3 and PostgreSQL:`);
  say("  npx -y pnpm@12 demo --docker");
}

function indent(text: string, prefix: string): string {
  return text.trimEnd().replaceAll(/^/gm, prefix);
}
