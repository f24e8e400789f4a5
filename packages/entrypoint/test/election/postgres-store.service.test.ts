import { join } from "node:path";

import { isAlive, lookUpServices, startProgram, tempTree, until, type RunningProgram } from "@slipway/testkit";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { railsLockKey } from "../../src/task/rails-lock/lock.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { holdMigrations, testDatabase, type TestDatabase } from "../database.ts";

const services = lookUpServices("postgres");
const MIGRATOR = join(import.meta.dirname, "../fixtures/migrator.cjs");

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

interface Deployment extends AsyncDisposable {
  readonly database: TestDatabase;
  start(env?: NodeJS.ProcessEnv): RunningProgram;
  applied(): Promise<string[]>;
}

/** A definition that applies versions; containers started from it end when the deployment is disposed of. */
async function deploy(versions: readonly string[], more: object = {}): Promise<Deployment> {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase());
  const run = ["node", MIGRATOR, ...versions];
  const task = { task: "migrate", run, election: "${DATABASE_URL}", deadline: "30s", ...more };
  const folder = stack.use(await tempTree({ "entrypoint.json": JSON.stringify({ tasks: [task] }) }));
  return {
    database,
    start: (env = {}) => {
      const all = { ...process.env, DATABASE_URL: database.url, ENTRYPOINT_RELEASE: "r1", ...env };
      return stack.use(
        startProgram(process.execPath, [built.file, "run", "--", "echo", "APP"], { cwd: folder.path, env: all }),
      );
    },
    applied: async () => {
      const rows = await database.query<{ version: string }>("select version from applied order by id");
      return rows.map((row) => row.version);
    },
    [Symbol.asyncDispose]: async () => stack.disposeAsync(),
  };
}

describe.skipIf(!services.available)("election by PostgreSQL", () => {
  it.each([5, 20])("%i containers at once: each version is applied once, all become the app", async (size) => {
    await using release = await deploy(["1:0", "2:0.5", "3:0"]);
    const programs = Array.from({ length: size }, () => release.start());
    const ends = await Promise.all(programs.map((program) => program.ended));
    expect(ends.filter(({ code }) => code !== 0)).toEqual([]);
    expect(programs.filter((program) => program.stdout().includes("APP\n"))).toHaveLength(size);
    expect(await release.applied()).toEqual(["1", "2", "3"]);
    expect(programs.filter((program) => program.stderr().includes("run here"))).toHaveLength(1);
    const states = await release.database.query("select task, release, state, failures from slipway.elections");
    expect(states).toEqual([{ task: "migrate", release: "r1", state: "done", failures: 0 }]);
  });

  it("takes over when the leader is killed in the middle of a slow migration, and applies nothing twice", async () => {
    await using release = await deploy(["1:0", "2:held"]);
    const letGo = await holdMigrations(release.database);
    const leader = release.start();
    await leader.says("applying 2");
    const [session = 0] = await migrators(release.database);
    const followers = [release.start(), release.start()];
    await until("both followers wait for the lock", async () => (await waiting(release.database)) === 2);
    leader.kill("SIGKILL");
    await until("its migration is cut", async () => !(await migrators(release.database)).includes(session));
    await letGo();
    const ends = await Promise.all(followers.map((follower) => follower.ended));
    expect(ends).toEqual([0, 0].map((code) => ({ code, signal: null })));
    expect(await release.applied()).toEqual(["1", "2"]);
    expect(followers.filter((follower) => follower.stderr().includes("run here"))).toHaveLength(1);
    expect(followers.filter((follower) => follower.stderr().includes("done by"))).toHaveLength(1);
  });

  it("stops the task of a leader whose election connection breaks, and fails the start", async () => {
    await using release = await deploy(["1:0", "2:30"]);
    const leader = release.start();
    await leader.says("applying 2");
    await endElectionSession(release.database);
    expect(await leader.ended).toEqual({ code: 125, signal: null });
    expect(leader.stderr()).toContain("was lost while the task ran, so it was stopped");
    expect(leader.stdout()).not.toContain("APP");
    await until("no migration runs", async () => (await migrators(release.database)).length === 0);
    expect(await release.applied()).toEqual(["1"]);
  });

  it("ends with the command's exit code, and tells waiting containers what failed", async () => {
    await using release = await deploy(["1:0", "2:held"]);
    const letGo = await holdMigrations(release.database);
    const leader = release.start({ FAIL_AT: "2" });
    await leader.says("applying 2");
    const follower = release.start();
    await until("the follower waits", async () => (await waiting(release.database)) === 1);
    await letGo();
    expect((await leader.ended).code).toBe(9);
    expect((await follower.ended).code).toBe(123);
    expect(follower.stderr()).toMatch(
      /migrate of release r1 has failed once, last in .*migrator\.cjs .* ended with 9/s,
    );
    const [state] = await release.database.query("select state, failures, exit_code from slipway.elections");
    expect(state).toEqual({ state: "failed", failures: 1, exit_code: 9 });
  });

  it("waits for whoever holds Rails' own lock and says who that is", async () => {
    await using release = await deploy(["1:0"]);
    const other = new Client({ connectionString: release.database.url });
    await other.connect();
    const key = BigInt.asIntN(64, railsLockKey(release.database.name)).toString();
    await other.query("select pg_advisory_lock($1)", [key]);
    const { rows } = await other.query<{ pid: number }>("select pg_backend_pid() as pid");
    const program = release.start();
    await program.says(/Rails' migration lock is held by the session with pid \d+ from 127.0.0.1.*pg_backend_pid/);
    expect(program.stderr()).toContain(`pid ${String(rows[0]?.pid)} `);
    expect(await release.applied()).toEqual([]);
    await other.end();
    expect((await program.ended).code).toBe(0);
    expect(await release.applied()).toEqual(["1"]);
  });

  it("gives up at the deadline while Rails' lock is held", async () => {
    await using release = await deploy(["1:0"], { deadline: "3s" });
    const other = new Client({ connectionString: release.database.url });
    await other.connect();
    const key = BigInt.asIntN(64, railsLockKey(release.database.name)).toString();
    await other.query("select pg_advisory_lock($1)", [key]);
    const program = release.start();
    expect((await program.ended).code).toBe(125);
    expect(program.stderr()).toContain("ENTRYPOINT_RAILS_LOCK_HELD");
    await other.end();
  });

  it("gives the migrating command the option that frees a killed client's locks", async () => {
    await using release = await deploy(["1:20"]);
    const leader = release.start({ PGOPTIONS: "-c work_mem=8MB" });
    await leader.says("applying 1");
    leader.kill("SIGKILL");
    await until(
      "the server has ended the killed client's statement",
      async () => (await migrators(release.database)).length === 0,
      10_000,
    );
    expect(await isAlive(leader.pid)).toBe(false);
  });

  it("stays out of the schema that Rails dumps", async () => {
    await using release = await deploy(["1:0"]);
    const before = await publicTables(release.database);
    expect((await release.start().ended).code).toBe(0);
    expect(await publicTables(release.database)).toEqual(before);
  });

  it.each([
    ["a wrong password", (url: URL) => void (url.password = "wrong-secret"), "ENTRYPOINT_DATABASE_LOGIN"],
    ["a database that is not there", (url: URL) => void (url.pathname = "/no_such_db"), "ENTRYPOINT_DATABASE_MISSING"],
    ["a port nobody listens on", (url: URL) => void (url.port = "1"), "ENTRYPOINT_ELECTION_UNREACHABLE"],
  ])("ends with 125 for %s, naming the address and no password", async (_, spoil, code) => {
    await using release = await deploy(["1:0"], { deadline: "3s" });
    const url = new URL(release.database.url);
    const { password } = url;
    spoil(url);
    const program = release.start({ DATABASE_URL: url.href });
    expect((await program.ended).code).toBe(125);
    expect(program.stderr()).toContain(code);
    expect(program.stderr()).not.toContain("CREATE SCHEMA");
    expect(program.stderr()).toContain(`${url.host}${url.pathname}`);
    expect(program.stderr()).not.toContain(password);
    expect(program.stderr()).not.toContain("wrong-secret");
  });

  it("says what to grant when the role may not make the schema", async () => {
    await using release = await deploy(["1:0"]);
    const role = `${release.database.name}_reader`;
    await release.database.query(`create role ${role} login password 'reader'`);
    const url = new URL(release.database.url);
    url.username = role;
    url.password = "reader";
    const program = release.start({ DATABASE_URL: url.href });
    expect((await program.ended).code).toBe(125);
    expect(program.stderr()).toContain("permission denied for database");
    expect(program.stderr()).toContain("CREATE SCHEMA slipway AUTHORIZATION");
    await release.database.query(`drop role ${role}`);
  });

  it("never ends a start without a verdict, whenever the deadline cuts a connection", async () => {
    await using release = await deploy([]);
    const url = new URL(release.database.url);
    url.pathname = "/not_yet";
    const ends = Array.from({ length: 24 }, async (_, index) => {
      const deadline = `${String(60 + index * 20)}ms`;
      const definition = { tasks: [{ task: "wait-for", url: "${DATABASE_URL}", deadline }] };
      await using folder = await tempTree({ "entrypoint.json": JSON.stringify(definition) });
      const options = { cwd: folder.path, env: { ...process.env, DATABASE_URL: url.href } };
      await using program = startProgram(process.execPath, [built.file, "run", "--", "echo", "APP"], options);
      const { code } = await program.ended;
      return `${String(code)} ${String(program.stderr().includes("was not ready within"))}`;
    });
    expect(new Set(await Promise.all(ends))).toEqual(new Set(["125 true"]));
  });

  it("waits for a database with wait-for and says why it is not there", async () => {
    await using release = await deploy([]);
    const url = new URL(release.database.url);
    url.pathname = "/not_yet";
    const definition = { tasks: [{ task: "wait-for", url: "${DATABASE_URL}", deadline: "1500ms" }] };
    await using folder = await tempTree({ "entrypoint.json": JSON.stringify(definition) });
    const options = { cwd: folder.path, env: { ...process.env, DATABASE_URL: url.href } };
    await using program = startProgram(process.execPath, [built.file, "run", "--", "echo", "APP"], options);
    expect((await program.ended).code).toBe(125);
    expect(program.stderr()).toContain(`PostgreSQL ${url.host}/not_yet was not ready within 1.5 s`);
    expect(program.stderr()).toContain('database "not_yet" does not exist');
    expect(program.stderr()).not.toContain(url.password);
  });
});

/** The process ids of the database's sessions of which that holds. */
async function sessions(database: TestDatabase, where: string): Promise<number[]> {
  const rows = await database.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and ${where}`,
  );
  return rows.map(({ pid }) => pid);
}

async function waiting(database: TestDatabase): Promise<number> {
  return (await sessions(database, "application_name = 'slipway entrypoint' and wait_event = 'advisory'")).length;
}

function migrators(database: TestDatabase): Promise<number[]> {
  return sessions(database, "application_name = 'migrator'");
}

async function endElectionSession(database: TestDatabase): Promise<void> {
  await database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'slipway entrypoint'",
  );
}

async function publicTables(database: TestDatabase): Promise<unknown> {
  return database.query("select tablename from pg_tables where schemaname = 'public' order by 1");
}
