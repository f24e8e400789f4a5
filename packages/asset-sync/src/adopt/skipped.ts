import type { Ledger } from "../ledger/ledger.ts";
import { isKey } from "../store/key.ts";
import type { ListedObject } from "../store/store.ts";

/** An object that is neither looked at nor recorded. */
export interface Skipped {
  readonly key: string;
  readonly reason: "no key" | "being deleted";
}

/**
 * Parts a listing into what can be taken over and what cannot: names that no sync gives, and what a collection may still
 * delete. Pure.
 *
 * @param now in seconds since 1970
 */
export function takeable(
  listed: readonly ListedObject[],
  ledger: Ledger,
  now: number,
): { readonly taken: readonly ListedObject[]; readonly skipped: readonly Skipped[] } {
  const claims = (ledger.collection?.claims ?? []).filter(({ until }) => now < until);
  const claimed = new Set(claims.flatMap(({ keys }) => keys).filter((key) => !ledger.files.has(key)));
  const skipped = listed.flatMap(({ key }): readonly Skipped[] => {
    if (!isKey(key)) return [{ key, reason: "no key" }];
    return claimed.has(key) ? [{ key, reason: "being deleted" }] : [];
  });
  const left = new Set(skipped.map(({ key }) => key));
  return { taken: listed.filter(({ key }) => !left.has(key)), skipped };
}
