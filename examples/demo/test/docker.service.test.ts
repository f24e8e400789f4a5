import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { lookUpServices, tempTree } from "@slipway/testkit";
import { execa } from "execa";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  buildBaseImages,
  buildTestImage,
  makeRelease,
  type Release,
  type RunningApp,
  type StartedApps,
  untilServing,
} from "../src/docker/chain.ts";
import type { Container } from "../src/docker/container.ts";
import { type CountedDatabase, makeCountedDatabase } from "../src/docker/database.ts";
import type { Servers } from "../src/docker/servers.ts";
import { checkPage } from "../src/page.ts";
import { imageHolds } from "./image-search.ts";
import { presentServers } from "./present-servers.ts";

const services = lookUpServices("docker", "s3", "postgres");
const MIGRATING_DEADLINE_MS = 120_000;
const MIGRATIONS = join(import.meta.dirname, "..", "..", "rails-app", "db", "migrate");

describe.skipIf(!services.available)("a release of the example app, from base image to five containers", () => {
  let servers: Servers;
  let release: Release;

  beforeAll(async () => {
    servers = presentServers();
    await buildBaseImages();
    release = await makeRelease(servers);
  });

  afterAll(() => release?.[Symbol.asyncDispose]());

  describe("five containers started at once", () => {
    let started: StartedApps;

    beforeAll(async () => {
      started = await release.start(5);
      await Promise.all(started.apps.map((app) => untilServing(app)));
    });

    afterAll(() => started?.[Symbol.asyncDispose]());

    it("apply each migration version exactly once, as the database counts", async () => {
      expect(await release.database.appliedVersions()).toEqual(await eachOnce());
    });

    it("serve a page whose script and stylesheet come from S3 with type, immutable cache header and no false encoding", async () => {
      const pages = await Promise.all(started.apps.map(({ url }) => checkPage(url, release.bucket.url)));
      for (const { assets } of pages) {
        expect(assets.map(({ type }) => type).toSorted()).toEqual([
          "text/css; charset=utf-8",
          "text/javascript; charset=utf-8",
        ]);
        for (const { cacheControl, encoding } of assets) {
          expect({ cacheControl, encoding }).toEqual({
            cacheControl: "public, max-age=31536000, immutable",
            encoding: "",
          });
        }
      }
    });

    it("run nothing beside tini and the app, which has the entrypoint's process id and ignores no signal", async () => {
      for (const { container } of started.apps) {
        const programs = (await container.exec("sh", "-c", OTHER_PROCESSES)).split("\n");
        expect(programs).toHaveLength(2);
        expect(programs).toContain("tini");
        const pid = /becoming bundle exec puma \(pid (\d+)\)/.exec(await container.logs())?.[1];
        const status = await container.exec("cat", `/proc/${pid}/status`);
        expect(status).toMatch(/^Name:\s+(ruby|bundle|puma)/m);
        expect(status).toMatch(/^SigIgn:\s+0+$/m);
      }
    });

    it("end with 143 when the engine terminates the app", async () => {
      const app = started.apps[0];
      if (app === undefined) throw new Error("nothing was started");
      await app.container.kill("TERM");
      expect(await app.container.wait()).toBe(143);
    });
  });

  it("hold no credential: not in a layer, not in the history, not in the receipt", async () => {
    const { accessKeyId, secretAccessKey } = servers.s3;
    // the search is proven by what must be there: the release id, which the receipt names
    expect(await imageHolds(release.image, [release.id, accessKeyId, secretAccessKey])).toEqual([release.id]);
    const history = await execa("docker", ["history", "--no-trunc", release.image]);
    expect(history.stdout).not.toContain(accessKeyId);
    expect(history.stdout).not.toContain(secretAccessKey);
    const receipt = await receiptOf(release);
    expect(JSON.parse(receipt)).toMatchObject({ format: "slipway-receipt/1", release: release.id });
    expect(receipt).not.toContain(secretAccessKey);
  });

  it.each([
    ["exit 0", 0],
    ["exit 1", 1],
    ["exit 7", 7],
    ["kill -TERM $$", 143],
  ])("pass the app's end on: %s is %i", async (script, code) => {
    await using started = await release.start(1, { command: ["sh", "-c", script] });
    expect(await started.apps[0]?.container.wait()).toBe(code);
  });

  it("pass the app's own tests, in the image its assets were compiled in", async () => {
    const tag = `${release.image}-test`;
    await buildTestImage(tag);
    try {
      const name = `${release.id.replace("-", "_")}_test`;
      const url = Object.assign(new URL(servers.databaseUrl), { pathname: `/${name}` }).href;
      const tests = await execa("docker", ["run", "--rm", "--network", "host", "--env", `DATABASE_URL=${url}`, tag]);
      expect(tests.stdout).toMatch(/^\d+ runs, [1-9]\d* assertions, 0 failures, 0 errors, 0 skips$/m);
    } finally {
      await execa("docker", ["image", "rm", "--force", tag]);
    }
  });

  it("do not start when the store does not hold an asset of the receipt", async () => {
    const receipt: { readonly files: Readonly<Record<string, string>> } = JSON.parse(await receiptOf(release));
    const files = { ...receipt.files, "assets/absent-0f3c9a1b.js": "0".repeat(64) };
    await using folder = await tempTree({ "receipt.json": JSON.stringify({ ...receipt, files }) });
    await execa("chmod", ["-R", "a+rX", folder.path]);
    const mounts = { "/app/public/.asset-receipt.json": join(folder.path, "receipt.json") };
    await using started = await release.start(1, { mounts });
    const container = started.apps[0]?.container;
    expect(await container?.wait()).toBe(1);
    const logs = await container?.logs();
    expect(logs).toContain("assets/absent-0f3c9a1b.js");
    expect(logs).not.toContain("becoming");
  });

  it("survive SIGKILL of the migrating container: another takes over and nothing is applied twice", async () => {
    const folder = await migrationsWithSlowOne();
    await using database = await makeCountedDatabase(servers.databaseUrl, `${release.id.replace("-", "_")}_kill`);
    try {
      await database.query("CREATE SEQUENCE attempts");
      await using gate = await closedGate(database);
      const env = { DATABASE_URL: database.url };
      await using started = await release.start(3, { env, mounts: { "/app/db/migrate": folder } });
      const leader = await untilMigrating(started.apps, database);
      await leader.container.kill("KILL");
      await leader.container.wait();
      await gate.open();
      await Promise.all(started.apps.filter((app) => app !== leader).map((app) => untilServing(app)));

      expect(await database.appliedVersions()).toEqual({ ...(await eachOnce()), [SLOW_VERSION]: 1 });
      expect(await database.query("SELECT last_value::int AS attempts FROM attempts")).toEqual([{ attempts: 2 }]);
      expect(await database.query("SELECT count(*)::int AS rows FROM slow_steps")).toEqual([{ rows: 1 }]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** Names every process of the container but the shell that looks. */
const OTHER_PROCESSES = `for entry in /proc/[0-9]*; do [ "\${entry#/proc/}" = $$ ] || cat "$entry/comm"; done`;

/** Fails where no process runs `db:migrate`; the brackets keep the search from finding itself. */
const RUNS_MIGRATION = `grep -ql 'db[:]migrate' /proc/[0-9]*/cmdline`;

/** Every migration of the app, counted once. */
async function eachOnce(): Promise<Readonly<Record<string, number>>> {
  const files = await readdir(MIGRATIONS);
  return Object.fromEntries(files.map((file) => [file.slice(0, SLOW_VERSION.length), 1]));
}

/** The receipt as it lies in the image. */
async function receiptOf({ image }: Release): Promise<string> {
  return (await execa("docker", ["run", "--rm", "--entrypoint", "cat", image, "public/.asset-receipt.json"])).stdout;
}

const SLOW_VERSION = "20260501090000";

/** The sequence counts attempts even when a transaction is rolled back; the table counts what was kept. It ends when the gate is open. */
const SLOW_MIGRATION = `
class SlowStep < ActiveRecord::Migration[8.1]
  def change
    execute "SELECT nextval('attempts')"
    create_table(:slow_steps) { |t| t.text :note }
    execute "INSERT INTO slow_steps (note) VALUES ('kept')"
    execute "SELECT pg_advisory_xact_lock_shared(1)"
  end
end
`;

/** Lets no slow migration end before it is open. */
async function closedGate({ url }: CountedDatabase): Promise<AsyncDisposable & { open(): Promise<void> }> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("SELECT pg_advisory_lock(1)");
  const open = (): Promise<void> => client.end();
  return { open, [Symbol.asyncDispose]: open };
}

async function migrationsWithSlowOne(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-migrations-"));
  await cp(MIGRATIONS, folder, { recursive: true });
  await writeFile(join(folder, `${SLOW_VERSION}_slow_step.rb`), SLOW_MIGRATION);
  await execa("chmod", ["-R", "a+rX", folder]);
  return folder;
}

/** Waits until the slow statement runs in the database, and answers the container that runs it. */
async function untilMigrating(apps: readonly RunningApp[], database: CountedDatabase): Promise<RunningApp> {
  const deadline = performance.now() + MIGRATING_DEADLINE_MS;
  while (performance.now() < deadline) {
    const busy = await database.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_advisory_xact%'",
    );
    const migrating = await Promise.all(apps.map(({ container }) => succeeds(container, RUNS_MIGRATION)));
    const leader = apps.find((_, index) => migrating[index]);
    if (busy.length > 0 && leader !== undefined) return leader;
    await wait(50);
  }
  throw new Error("no container came to the slow migration");
}

async function succeeds(container: Container, script: string): Promise<boolean> {
  return container.exec("sh", "-c", script).then(
    () => true,
    () => false,
  );
}
