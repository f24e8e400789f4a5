import { POSTGRES_SCHEMES, schemeOf } from "../../election/postgres/address.ts";
import { codeOf, EntrypointError } from "../../errors.ts";
import { withoutZeros } from "./migration-files.ts";

/** Versions that a database has recorded; `undefined` when it has no table of them, or does not exist yet. */
export type Applied = readonly string[] | undefined;

/** Whether a database can be asked at all. */
export function canAsk(url: string): boolean {
  return POSTGRES_SCHEMES.includes(schemeOf(url));
}

/**
 * Asks a database for the versions it has.
 * @throws ElectionLost when it cannot be reached; EntrypointError when it refuses
 */
export async function appliedVersions(url: string, signal: AbortSignal): Promise<Applied> {
  try {
    const { postgresVersions } = await import("./postgres-versions.ts");
    const versions = await postgresVersions(url, signal);
    return versions.map((version) => withoutZeros(version));
  } catch (error) {
    if (error instanceof EntrypointError && error.code === "ENTRYPOINT_DATABASE_MISSING") return undefined;
    if (codeOf(error) === UNDEFINED_TABLE) return undefined;
    throw error;
  }
}

/** The table is not there. */
const UNDEFINED_TABLE = "42P01";
