import { claimedKeys, openClaims } from "../ledger/claims.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { ownObjects } from "../ledger/other-targets.ts";
import { isKey } from "../store/key.ts";
import type { ListedObject } from "../store/store.ts";

/** What is neither looked at nor recorded: an object, or all of a folder that is another target. */
export interface Skipped {
  /** A folder's ends in a slash. */
  readonly key: string;
  readonly reason: "no key" | "being deleted" | "another target";
}

/**
 * Parts a listing into what can be taken over and what cannot: names that no sync gives, what a collection may still
 * delete, and what belongs to targets below this one, whose collections know nothing of this ledger. Pure.
 *
 * @param now in seconds since 1970
 */
export function takeable(
  listed: readonly ListedObject[],
  ledger: Ledger,
  now: number,
): { readonly taken: readonly ListedObject[]; readonly skipped: readonly Skipped[] } {
  const claimed = claimedKeys(openClaims(ledger, now));
  const { own, others } = ownObjects(listed);
  const skipped = own.flatMap(({ key }): readonly Skipped[] => {
    if (!isKey(key)) return [{ key, reason: "no key" }];
    return claimed.has(key) && !ledger.files.has(key) ? [{ key, reason: "being deleted" }] : [];
  });
  const left = new Set(skipped.map(({ key }) => key));
  const folders = others.map((key) => ({ key, reason: "another target" as const }));
  return { taken: own.filter(({ key }) => !left.has(key)), skipped: [...folders, ...skipped] };
}
