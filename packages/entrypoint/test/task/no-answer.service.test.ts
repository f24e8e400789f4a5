import { lookUpServices, startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { testDatabase } from "../database.ts";
import { hangingProxy } from "../hanging-proxy.ts";
import { garblingProxy } from "../garbling-proxy.ts";

const services = lookUpServices("postgres");

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

const WAIT_FOR = { task: "wait-for", url: "${DATABASE_URL}" };
const MIGRATE = { task: "migrate", run: ["true"], election: "${DATABASE_URL}" };

/** What the server is asked when the network falls silent. */
const POINTS = [
  ["wait-for", WAIT_FOR, "select 1", "ENTRYPOINT_WAIT_DEADLINE"],
  ["migrate", MIGRATE, "set statement_timeout", "ENTRYPOINT_ELECTION_UNREACHABLE"],
  ["migrate", MIGRATE, "server_version_num", "ENTRYPOINT_ELECTION_UNREACHABLE"],
  ["migrate", MIGRATE, "slipway.elections') is not null", "ENTRYPOINT_ELECTION_UNREACHABLE"],
  ["migrate", MIGRATE, "pg_try_advisory_lock", "ENTRYPOINT_ELECTION_UNREACHABLE"],
  ["migrate", MIGRATE, "create schema", "ENTRYPOINT_ELECTION_UNREACHABLE"],
  ["migrate", MIGRATE, "current_database()", "ENTRYPOINT_ELECTION_UNREACHABLE"],
  ["migrate", MIGRATE, "state = $4, ended_at", "ENTRYPOINT_ELECTION_LOST"],
] as const;

/** Starts a task whose database says nothing more from a text on. */
async function startBehind(task: object, text: string) {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase());
  const proxy = stack.use(await hangingProxy(database.url, text));
  const folder = stack.use(await tempTree({ "entrypoint.json": JSON.stringify({ tasks: [task] }) }));
  const env = { ...process.env, DATABASE_URL: proxy.url, ENTRYPOINT_RELEASE: "r1" };
  const args = [built.file, "run", "--", "echo", "APP"];
  const program = stack.use(startProgram(process.execPath, args, { cwd: folder.path, env }));
  return { program, hung: proxy.hung, [Symbol.asyncDispose]: async () => stack.disposeAsync() };
}

describe.skipIf(!services.available)("a database that falls silent", () => {
  it.each(POINTS)("%s %o that hangs at %s ends at its deadline with %s", async (...point) => {
    const [, task, text, code] = point;
    await using silent = await startBehind({ ...task, deadline: "3s" }, text);
    await silent.hung;
    expect(await silent.program.ended).toEqual({ code: 125, signal: null });
    expect(silent.program.stderr()).toContain(`[${code}]`);
    expect(silent.program.stdout()).not.toContain("APP");
  });

  it.each(POINTS)("%s %o that hangs at %s ends at TERM", async (_, task, text) => {
    await using silent = await startBehind({ ...task, deadline: "60s" }, text);
    await silent.hung;
    silent.program.kill("SIGTERM");
    expect(await silent.program.ended).toEqual({ code: 143, signal: null });
    expect(silent.program.stdout()).not.toContain("APP");
  });
});

it.skipIf(!services.available).each([
  ["the first", 1, "the database of migrate cannot be reached: no answer in 3 s"],
  ["a later", 2, "1 migrations are pending after 3 s"],
])("a wait whose deadline cuts %s question says what it knows", async (_, nth, said) => {
  await using database = await testDatabase();
  await using proxy = await hangingProxy(database.url, "schema_migrations", nth);
  const wait = { ...MIGRATE, run: ["bin/rails", "db:migrate"], mode: "wait", deadline: "3s" };
  await using folder = await tempTree({
    "entrypoint.json": JSON.stringify({ tasks: [wait] }),
    "db/migrate/20240101000000_change.rb": "",
  });
  const env = { ...process.env, RAILS_ENV: "production", DATABASE_URL: proxy.url, ENTRYPOINT_RELEASE: "r1" };
  const args = [built.file, "run", "--", "echo", "APP"];
  await using program = startProgram(process.execPath, args, { cwd: folder.path, env });
  await proxy.hung;
  expect(await program.ended).toEqual({ code: 125, signal: null });
  expect(program.stderr()).toContain(said);
});

it.skipIf(!services.available)(
  "a question about Rails' lock that keeps failing in the server ends the start at its deadline",
  async () => {
    await using database = await testDatabase();
    await using proxy = await garblingProxy(database.url, ">> 32", " % 00");
    await using folder = await tempTree({
      "entrypoint.json": JSON.stringify({ tasks: [{ ...MIGRATE, deadline: "2s" }] }),
    });
    const env = { ...process.env, DATABASE_URL: proxy.url, ENTRYPOINT_RELEASE: "r1" };
    const args = [built.file, "run", "--", "echo", "APP"];
    await using program = startProgram(process.execPath, args, { cwd: folder.path, env });
    await program.says("[ENTRYPOINT_ELECTION_UNREACHABLE]");
    expect(await program.ended).toEqual({ code: 125, signal: null });
    expect(program.stderr()).toContain("division by zero");
    expect(program.stdout()).not.toContain("APP");
  },
);
