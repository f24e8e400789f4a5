import { Client } from "pg";

/** A database of its own, in which a trigger writes down every migration version that is recorded as applied. */
export interface CountedDatabase extends AsyncDisposable {
  readonly url: string;
  /** How often each version was recorded, by version; the database counts, not the programs under test. */
  appliedVersions(): Promise<Readonly<Record<string, number>>>;
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

const COUNTING = `
  CREATE TABLE schema_migrations (version character varying NOT NULL PRIMARY KEY);
  CREATE TABLE applied_log (version text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
  CREATE FUNCTION log_applied() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO applied_log (version) VALUES (NEW.version); RETURN NEW; END $$;
  CREATE TRIGGER log_applied AFTER INSERT ON schema_migrations FOR EACH ROW EXECUTE FUNCTION log_applied();
`;

/** Makes the database beside the one the URL names; it is dropped when the scope ends. */
export async function makeCountedDatabase(adminUrl: string, name: string): Promise<CountedDatabase> {
  await withClient(adminUrl, (client) => client.query(`CREATE DATABASE "${name}"`));
  const url = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  await withClient(url, (client) => client.query(COUNTING));
  const query: CountedDatabase["query"] = (sql) => withClient(url, async (client) => (await client.query(sql)).rows);
  return {
    url,
    query,
    appliedVersions: async () => {
      const rows = await query(
        "SELECT version, count(*)::int AS times FROM applied_log GROUP BY version ORDER BY version",
      );
      return Object.fromEntries(rows.map((row) => [String(row["version"]), Number(row["times"])]));
    },
    [Symbol.asyncDispose]: async () => {
      await withClient(adminUrl, (client) => client.query(`DROP DATABASE "${name}" WITH (FORCE)`));
    },
  };
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
