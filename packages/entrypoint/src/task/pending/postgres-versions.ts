import { answer, leaveConnection } from "../../election/postgres/answer.ts";
import { connectionError, openConnection } from "../../election/postgres/connection.ts";
import { codeOf } from "../../errors.ts";
import type { Applied } from "./applied.ts";

const UNDEFINED_TABLE = "42P01";

/** The versions that Rails has recorded in a PostgreSQL database. */
export async function postgresVersions(url: string, signal: AbortSignal): Promise<Applied> {
  const client = await openConnection(url, signal);
  const ask = () => client.query<{ version: string }>("select version from schema_migrations");
  try {
    const { rows } = await answer(client, ask, { signal });
    return rows.map(({ version }) => version);
  } catch (error) {
    if (codeOf(error) === UNDEFINED_TABLE) return undefined;
    signal.throwIfAborted();
    throw connectionError(error, url);
  } finally {
    leaveConnection(client);
  }
}
