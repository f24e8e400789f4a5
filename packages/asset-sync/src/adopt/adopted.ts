import { EMPTY_LEDGER, UNKNOWN_DIGEST, type Ledger, type LedgerFile } from "../ledger/ledger.ts";
import { FOUND } from "../ledger/release-order.ts";
import { HEADER_NAMES, sameHeaders, type ObjectHeaders } from "../scan/headers.ts";
import type { StoredHead } from "../store/store.ts";

/** An object that is taken over; `sha256` when it is known. */
export interface Adopted {
  readonly key: string;
  readonly there: StoredHead;
  readonly sha256?: string;
}

/** What a ledger is to say, and of how many objects it did not say so before. */
export interface Adoption {
  readonly added: Ledger;
  readonly adopted: number;
}

/**
 * What a ledger is to say of objects that something else has put there. All of them, those it knows already too, belong
 * to one pinned release, so that none counts as unneeded before a person says so. Pure.
 *
 * @param at seconds since 1970
 */
export function adoption(objects: readonly Adopted[], ledger: Ledger, at: number): Adoption {
  const revision = ledger.revision + 1;
  const files = new Map<string, LedgerFile>();
  for (const { key, there, sha256 = there.sha256 } of objects) {
    const row = { size: there.size, sha256: sha256 ?? UNKNOWN_DIGEST, headers: knownHeaders(there), revision };
    if (tellsMore(row, ledger.files.get(key))) files.set(key, row);
  }
  const before = new Set([...ledger.releases].flatMap(([id, { keys }]) => (id.startsWith(FOUND.adopted) ? keys : [])));
  const adopted = objects.filter(({ key }) => !before.has(key)).length;
  if (adopted === 0) return { added: { ...EMPTY_LEDGER, revision: files.size === 0 ? 0 : revision, files }, adopted };
  const keys = objects.map(({ key }) => key).toSorted();
  const releases = new Map([[`${FOUND.adopted}${at}`, { at, pins: 1, keys }]]);
  return { added: { revision: files.size === 0 ? 0 : revision, files, releases }, adopted };
}

/** Whether a ledger has no row of a file yet, or another one although the bytes that are there are known. */
function tellsMore(row: LedgerFile, known: LedgerFile | undefined): boolean {
  if (known === undefined) return true;
  if (row.sha256 === UNKNOWN_DIGEST) return false;
  return row.sha256 !== known.sha256 || !sameHeaders(row.headers, known.headers);
}

/** None where one is missing that every file of a sync has: such headers count as others. */
function knownHeaders({ headers }: StoredHead): Partial<ObjectHeaders> {
  const said = HEADER_NAMES.filter((name) => headers[name] !== undefined && /^[\u0020-\u007e]+$/.test(headers[name]));
  if (!said.includes("content-type") || !said.includes("cache-control")) return {};
  return Object.fromEntries(said.map((name) => [name, headers[name]]));
}
