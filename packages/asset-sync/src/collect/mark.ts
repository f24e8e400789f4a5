import { randomBytes } from "node:crypto";

import { claimsOf } from "../ledger/claims.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { CollectionPlan } from "./collection-plan.ts";

/** Deletes are begun for so long after the ledger was read, and no longer. */
export const BEGIN_WITHIN_SECONDS = 300;

/** S3 refuses a request whose signature is older: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html */
const SIGNATURE_SECONDS = 900;

/**
 * The ledger without what a collection takes, and with the keys that it is going to delete. From then on a build that
 * needs one of them knows that it is not there, and waits until it may come back. Pure.
 *
 * @param id of the claim, see {@link newClaimId}
 * @param now in seconds since 1970
 * @param takesOver whether all collections before are known to have ended
 */
export function markedLedger(
  ledger: Ledger,
  plan: CollectionPlan,
  { id, now, takesOver = false }: { readonly id: string; readonly now: number; readonly takesOver?: boolean },
): Ledger {
  const files = new Map(ledger.files);
  for (const key of plan.keys) files.delete(key);
  const releases = new Map(ledger.releases);
  for (const release of plan.dropped) releases.delete(release);
  const revision = ledger.revision + 1;
  const keys = [...new Set([...plan.keys, ...plan.leftOver])].toSorted();
  const until = Math.ceil(now) + BEGIN_WITHIN_SECONDS + SIGNATURE_SECONDS;
  const taken = new Set(keys);
  // Whoever claimed keys before may still be deleting them, or has left some that this collection does not take over.
  const others = claimsOf(ledger).flatMap((claim) => {
    if (claim.until > now && !takesOver) return [claim];
    const left = claim.keys.filter((key) => !taken.has(key) && !ledger.files.has(key));
    return left.length === 0 ? [] : [{ ...claim, keys: left }];
  });
  return {
    ...ledger,
    revision,
    files,
    releases,
    collection: { revision, claims: [...others, { revision, id, keys, until }] },
  };
}

/** Random, so that no other collection's claim has it. */
export function newClaimId(): string {
  return randomBytes(8).toString("hex");
}

/** Whether a ledger has a claim. Pure. */
export function hasClaim(ledger: Ledger, id: string): boolean {
  return claimsOf(ledger).some((claim) => claim.id === id);
}

/**
 * The ledger when a collection has ended: its claim is gone but for what could not be deleted, which the next one takes
 * over. Undefined when there is no such claim any more. Pure.
 */
export function endedLedger(
  ledger: Ledger,
  mine: { readonly revision: number; readonly notDeleted: readonly string[] },
  now: number,
): Ledger | undefined {
  const { collection } = ledger;
  const claims = claimsOf(ledger);
  const others = claims.filter(({ revision }) => revision !== mine.revision);
  if (collection === undefined || others.length === claims.length) return undefined;
  const keys = mine.notDeleted.filter((key) => !ledger.files.has(key)).toSorted();
  const left = keys.length === 0 ? [] : [{ revision: mine.revision, keys, until: Math.floor(now) }];
  return { ...ledger, collection: { revision: collection.revision, claims: [...others, ...left] } };
}
