import { MYSQL_SCHEMES } from "../../election/mysql/address.ts";
import { POSTGRES_SCHEMES, schemeOf } from "../../election/postgres/address.ts";
import { EntrypointError } from "../../errors.ts";
import { withoutZeros } from "./migration-files.ts";

/** Versions that a database has recorded; `undefined` when it has no table of them, or does not exist yet. */
export type Applied = readonly string[] | undefined;

type Ask = (url: string, signal: AbortSignal) => Promise<Applied>;

/** How a kind of database is asked; its code is loaded when it is used. */
const KINDS: readonly { readonly schemes: readonly string[]; readonly ask: Ask }[] = [
  {
    schemes: POSTGRES_SCHEMES,
    ask: async (url, signal) => (await import("./postgres-versions.ts")).postgresVersions(url, signal),
  },
  {
    schemes: MYSQL_SCHEMES,
    ask: async (url, signal) => (await import("./mysql-versions.ts")).mysqlVersions(url, signal),
  },
];

/** Schemes of the databases that can be asked. */
export const ASKED_SCHEMES: readonly string[] = KINDS.flatMap(({ schemes }) => schemes);

/**
 * Asks a database of one of {@link ASKED_SCHEMES} for the versions it has.
 * @throws ElectionLost when it cannot be reached; EntrypointError when it refuses
 */
export async function appliedVersions(url: string, signal: AbortSignal): Promise<Applied> {
  const scheme = schemeOf(url);
  const kind = KINDS.find(({ schemes }) => schemes.includes(scheme));
  if (kind === undefined) throw new Error(`no database of ${scheme} can be asked`);
  try {
    return (await kind.ask(url, signal))?.map((version) => withoutZeros(version));
  } catch (error) {
    if (error instanceof EntrypointError && error.code === "ENTRYPOINT_DATABASE_MISSING") return undefined;
    throw error;
  }
}
