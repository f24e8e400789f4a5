import type { Claim, Ledger } from "./ledger.ts";

/** What collections are deleting, and what could not be deleted. Pure. */
export function claimsOf({ collection }: Ledger): readonly Claim[] {
  return collection?.claims ?? [];
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
