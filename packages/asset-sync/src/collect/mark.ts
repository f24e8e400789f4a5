import type { Collection, Ledger } from "../ledger/ledger.ts";
import type { CollectionPlan } from "./collection-plan.ts";

/** Deletes are begun for so long after the ledger was read, and no longer. */
export const BEGIN_WITHIN_SECONDS = 300;

/** S3 refuses a request whose signature is older: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html */
const SIGNATURE_SECONDS = 900;

/**
 * The ledger without what a collection takes, and with the keys that it is going to delete. From then on a build that
 * needs one of them knows that it is not there, and waits until it may come back. Pure.
 *
 * @param now in seconds since 1970
 */
export function markedLedger(ledger: Ledger, plan: CollectionPlan, now: number): Ledger {
  const files = new Map(ledger.files);
  for (const key of plan.keys) files.delete(key);
  const releases = new Map(ledger.releases);
  for (const release of plan.dropped) releases.delete(release);
  const revision = ledger.revision + 1;
  const keys = [...new Set([...plan.keys, ...plan.leftOver])].toSorted();
  const ends = Math.ceil(now) + BEGIN_WITHIN_SECONDS + SIGNATURE_SECONDS;
  return {
    ...ledger,
    revision,
    files,
    releases,
    collection: { revision, keys, until: Math.max(ends, untilOf(ledger)) },
  };
}

/**
 * The ledger when a collection has ended. What could not be deleted stays marked for the next collection; what another one
 * that was killed may still be deleting, until that cannot be. Undefined when another collection has begun since and
 * will see to it. Pure.
 */
export function endedLedger(
  ledger: Ledger,
  mine: { readonly revision: number; readonly before: Collection | undefined; readonly notDeleted: readonly string[] },
  now: number,
): Ledger | undefined {
  const { collection } = ledger;
  if (collection?.revision !== mine.revision) return undefined;
  const pending = mine.before !== undefined && mine.before.until > now ? mine.before : { keys: [], until: 0 };
  const keys = [...new Set([...mine.notDeleted, ...pending.keys])].filter((key) => !ledger.files.has(key)).toSorted();
  return { ...ledger, collection: { ...collection, keys, until: Math.max(Math.floor(now), pending.until) } };
}

function untilOf({ collection }: Ledger): number {
  return collection === undefined || collection.keys.length === 0 ? 0 : collection.until;
}
