import { UNKNOWN_DIGEST, type Ledger, type LedgerFile } from "./ledger.ts";
import { FOUND } from "./release-order.ts";

/** What a listing says of an object. */
interface Listed {
  readonly key: string;
  readonly size: number;
}

/**
 * The ledger of a target of which nothing but a listing is known. Which release needed what is lost, so all that is there
 * belongs to one pinned release of its own: nothing counts as unneeded until a person unpins it. Pure.
 *
 * @param damage tells one damaged ledger from another, so that two builds that rebuild the same one agree
 * @param at seconds since 1970
 */
export function rebuiltLedger(listed: readonly Listed[], damage: string, at: number): Ledger {
  const files = new Map<string, LedgerFile>();
  for (const { key, size } of listed) files.set(key, { size, sha256: UNKNOWN_DIGEST, headers: {}, revision: 1 });
  const keys = [...files.keys()].toSorted();
  const releases = new Map([[`${FOUND.rebuilt}${damage}`, { at, pins: 1, keys }]]);
  return { revision: files.size === 0 ? 0 : 1, files, releases: files.size === 0 ? new Map() : releases };
}
