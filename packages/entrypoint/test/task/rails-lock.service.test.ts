import { join } from "node:path";

import { lookUpServices, startProgram, tempTree, type RunningProgram, type TempTree } from "@slipway/testkit";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { railsLockKey } from "../../src/task/rails-lock/lock.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { SCHEMA_KINDS } from "./pending/test-schema.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

/** A session that holds Rails' lock. */
interface Holder {
  readonly session: string;
  end(): Promise<unknown>;
}

const HOLDERS: Readonly<Record<string, (url: string, key: bigint) => Promise<Holder>>> = {
  PostgreSQL: async (url, key) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    const signed = BigInt.asIntN(64, key).toString();
    const lock = "select pg_advisory_lock($1), pg_backend_pid() as pid";
    const { rows } = await client.query<{ pid: number }>(lock, [signed]);
    return { session: `pid ${String(rows[0]?.pid)}`, end: () => client.end() };
  },
  MySQL: async (url, key) => {
    const address = url.replace(/^mysql2:/, "mysql:");
    const connection = await createConnection(address);
    connection.on("error", () => undefined);
    await connection.query("select get_lock(?, 0)", [key.toString()]);
    const busy = connection.query("select sleep(60)").catch(() => undefined);
    const end = async (): Promise<void> => {
      const other = await createConnection(address);
      await other.query(`kill ${String(connection.threadId)}`);
      await other.end();
      await busy;
    };
    return { session: `id ${String(connection.threadId)}`, end };
  },
};

describe.each(SCHEMA_KINDS)("Rails' own lock in $name, whatever the election's back end", ({ name, needs, make }) => {
  describe.skipIf(!lookUpServices(needs).available)("held by another session", () => {
    it("is waited for, and named with session, address, age and query", async () => {
      await using schema = make();
      await using folder = await app("60s");
      const holder = await hold(name, schema.url);
      await using program = start(folder, schema.url);
      await program.says(
        /Rails' migration lock is held by the session with (pid|id) \d+ from \S+ for \d+ s: select .*(?:advisory_lock|sleep)/,
      );
      expect(program.stderr()).toContain(`session with ${holder.session} `);
      expect(program.stdout()).not.toContain("RAILS");
      await holder.end();
      expect((await program.ended).code).toBe(0);
      expect(program.stdout()).toContain("RAILS");
    });

    it("ends the start at the deadline, with the remedy, and is no failure of the release", async () => {
      await using schema = make();
      await using folder = await app("3s");
      const holder = await hold(name, schema.url);
      for (let count = 0; count < 2; count += 1) {
        await using program = start(folder, schema.url);
        expect((await program.ended).code).toBe(125);
        expect(program.stderr()).toContain("ENTRYPOINT_RAILS_LOCK_HELD");
      }
      await holder.end();
    });
  });
});

function start(folder: { readonly path: string }, url: string): RunningProgram {
  const env = { ...process.env, DATABASE_URL: url, ENTRYPOINT_RELEASE: "r1" };
  return startProgram(process.execPath, [built.file, "run", "--", "echo", "APP"], { cwd: folder.path, env });
}

async function app(deadline: string): Promise<TempTree> {
  const folder = await tempTree({ "db/migrate/1_a.rb": "" });
  const election = `file://${join(folder.path, "election.db")}`;
  const run = ["sh", "-c", "echo RAILS", "rails", "db:migrate"];
  const tasks = [{ task: "migrate", run, election, deadline }];
  await folder.write({ "entrypoint.json": JSON.stringify({ tasks }) });
  return folder;
}

function hold(name: string, url: string): Promise<Holder> {
  const key = railsLockKey(new URL(url).pathname.slice(1));
  const take = HOLDERS[name];
  if (take === undefined) throw new Error(`nobody can hold the lock of ${name}`);
  return take(url, key);
}
