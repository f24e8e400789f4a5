import { answer, closeConnection } from "../../election/postgres/answer.ts";
import { openConnection } from "../../election/postgres/connection.ts";

/** The versions that Rails has recorded in a PostgreSQL database. */
export async function postgresVersions(url: string, signal: AbortSignal): Promise<readonly string[]> {
  const client = await openConnection(url, signal);
  const ask = () => client.query<{ version: string }>("select version from schema_migrations");
  try {
    const { rows } = await answer(client, ask, { signal });
    return rows.map(({ version }) => version);
  } finally {
    await closeConnection(client);
  }
}
