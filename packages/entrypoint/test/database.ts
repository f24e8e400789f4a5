import { randomBytes } from "node:crypto";

import { serviceVariable } from "@slipway/testkit";
import { Client, type QueryResultRow } from "pg";

/** A PostgreSQL database of its own, dropped when the `await using` scope ends. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  readonly name: string;
  query<T extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<T[]>;
}

/** Makes a database with Rails' version table; a trigger writes down each version that is applied, with its backend. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = serviceVariable("TEST_DATABASE_URL");
  const name = `slipway_test_${randomBytes(6).toString("hex")}`;
  await once(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  await client.query(SCHEMA);
  return {
    url: url.href,
    name,
    query: async <T extends QueryResultRow>(text: string, values: readonly unknown[] = []) => {
      const { rows } = await client.query<T>(text, [...values]);
      return rows;
    },
    [Symbol.asyncDispose]: async () => {
      await client.end();
      await once(server, `drop database ${name} with (force)`);
    },
  };
}

/** Keeps what the migrator of the fixtures calls `held` from ending, until what is answered is called. */
export async function holdMigrations(database: TestDatabase): Promise<() => Promise<unknown>> {
  await database.query("select pg_advisory_lock(1)");
  return () => database.query("select pg_advisory_unlock(1)");
}

const SCHEMA = `
  create table schema_migrations (version text primary key);
  create table applied (id serial, version text, at timestamptz default clock_timestamp());
  create function note_applied() returns trigger language plpgsql as
    $$ begin insert into applied (version) values (new.version); return new; end $$;
  create trigger note_applied after insert on schema_migrations for each row execute function note_applied();
`;

async function once(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
