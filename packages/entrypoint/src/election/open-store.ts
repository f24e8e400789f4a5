import { POSTGRES_SCHEMES, schemeOf } from "./postgres/address.ts";
import type { Ballot, ElectionStore } from "./store.ts";

/** Schemes of an election's address. */
export const ELECTION_SCHEMES: readonly string[] = [...POSTGRES_SCHEMES, "file:"];

/** The back end that an address names; its code is loaded only now. */
export async function openStore(url: string, ballot: Ballot): Promise<ElectionStore> {
  if (schemeOf(url) === "file:") {
    const { fileStore } = await import("./file/file-store.ts");
    return fileStore(url, ballot);
  }
  const { postgresStore } = await import("./postgres/postgres-store.ts");
  return postgresStore(url, ballot);
}
