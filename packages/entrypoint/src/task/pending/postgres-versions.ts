import { connectionError } from "../../election/postgres/connection.ts";
import { askOnce } from "../../election/postgres/question/question.ts";
import { codeOf } from "../../errors.ts";
import type { Applied } from "./applied.ts";

const UNDEFINED_TABLE = "42P01";

/** The versions that Rails has recorded in a PostgreSQL database. */
export async function postgresVersions(url: string, signal: AbortSignal): Promise<Applied> {
  try {
    return await askOnce(url, "select version from schema_migrations", signal);
  } catch (error) {
    if (codeOf(error) === UNDEFINED_TABLE) return undefined;
    signal.throwIfAborted();
    throw connectionError(error, url);
  }
}
