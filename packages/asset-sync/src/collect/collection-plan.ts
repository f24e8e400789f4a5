import { leftOverKeys } from "../ledger/claims.ts";
import { UNKNOWN_DIGEST, type Ledger } from "../ledger/ledger.ts";
import { isReserved } from "../ledger/other-targets.ts";
import { isOfBuild, newestFirst } from "../ledger/release-order.ts";
import { retain, type KeptRelease, type RetentionRules } from "../ledger/retention.ts";

/** What a collection will delete, and what it keeps; serialises as JSON. */
export interface CollectionPlan {
  readonly format: "slipway-collection/1";
  readonly kept: readonly KeptRelease[];
  /** Releases that the ledger forgets. */
  readonly dropped: readonly string[];
  /** Keys to take out of the ledger and to delete, sorted. */
  readonly keys: readonly string[];
  /** Keys that an earlier collection took out of the ledger and may not have deleted. */
  readonly leftOver: readonly string[];
  /** Bytes that this frees: of what the ledger knows as it says, of what is left over as it is there. */
  readonly bytes: number;
  /** Files that stay. */
  readonly left: number;
  /** The newest release of a build, and what it needs and the target does not have as it should. */
  readonly newest: { readonly release: string; readonly missing: readonly string[] } | undefined;
}

/**
 * What a collection will do. Only keys that the ledger names are ever deleted. Pure.
 *
 * @param stored sizes of all objects in the folders that the ledger and its claims name
 * @param now in seconds since 1970
 */
export function planCollection(
  ledger: Ledger,
  rules: RetentionRules,
  { stored, now }: { readonly stored: ReadonlyMap<string, number>; readonly now: number },
): CollectionPlan {
  const { kept, dropped, unneeded } = retain(ledger, rules, now);
  const keys = unneeded.filter((key) => !isReserved(key));
  const going = { keys, leftOver: leftOverKeys(ledger) };
  return {
    format: "slipway-collection/1",
    kept,
    dropped,
    ...going,
    ...sizes(ledger, going, stored),
    newest: newestRelease(ledger, stored),
  };
}

function newestRelease(ledger: Ledger, stored: ReadonlyMap<string, number>): CollectionPlan["newest"] {
  const newest = newestFirst(ledger).find(([id]) => isOfBuild(id));
  if (newest === undefined) return undefined;
  const [release, { keys }] = newest;
  const missing = keys.filter((key) => {
    const row = ledger.files.get(key);
    return row === undefined || row.sha256 === UNKNOWN_DIGEST || stored.get(key) !== row.size;
  });
  return { release, missing };
}

/**
 * What would be done now, without what a plan that was made before does not name. Pure.
 *
 * @param stored as for {@link planCollection}
 */
export function narrowed(
  now: CollectionPlan,
  before: CollectionPlan,
  { ledger, stored }: { readonly ledger: Ledger; readonly stored: ReadonlyMap<string, number> },
): CollectionPlan {
  const planned = new Set([...before.keys, ...before.leftOver]);
  const releases = new Set(before.dropped);
  const dropped = now.dropped.filter((release) => releases.has(release));
  const spared = now.dropped.filter((release) => !releases.has(release));
  const needed = new Set(spared.flatMap((release) => ledger.releases.get(release)?.keys ?? []));
  const keys = now.keys.filter((key) => planned.has(key) && !needed.has(key));
  const leftOver = now.leftOver.filter((key) => planned.has(key));
  return { ...now, keys, leftOver, dropped, ...sizes(ledger, { keys, leftOver }, stored) };
}

function sizes(
  { files }: Ledger,
  { keys, leftOver }: Pick<CollectionPlan, "keys" | "leftOver">,
  stored: ReadonlyMap<string, number>,
): Pick<CollectionPlan, "bytes" | "left"> {
  const each = [...keys.map((key) => files.get(key)?.size), ...leftOver.map((key) => stored.get(key))];
  return { bytes: each.reduce<number>((sum, size = 0) => sum + size, 0), left: files.size - keys.length };
}
