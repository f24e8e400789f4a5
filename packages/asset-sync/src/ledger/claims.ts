import type { Claim, Ledger } from "./ledger.ts";
import { isReserved } from "./other-targets.ts";

/** What collections are deleting, and what could not be deleted. Pure. */
export function claimsOf({ collection }: Ledger): readonly Claim[] {
  return collection?.claims ?? [];
}

/** Keys that collections took out of the ledger and may not have deleted, sorted. Pure. */
export function leftOverKeys(ledger: Ledger): readonly string[] {
  const claimed = claimedKeys(claimsOf(ledger));
  return [...claimed].filter((key) => !ledger.files.has(key) && !isReserved(key)).toSorted();
}

/**
 * The claims of which a delete may still take effect. Pure.
 *
 * @param now in seconds since 1970
 */
export function openClaims(ledger: Ledger, now: number): readonly Claim[] {
  return claimsOf(ledger).filter(({ until }) => now < until);
}

/** The keys of claims. Pure. */
export function claimedKeys(claims: readonly Claim[]): ReadonlySet<string> {
  return new Set(claims.flatMap(({ keys }) => keys));
}
