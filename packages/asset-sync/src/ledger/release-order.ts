import type { Ledger, ReleaseRecord } from "./ledger.ts";

/** A release with its name. */
export type NamedRelease = readonly [id: string, release: ReleaseRecord];

/** How the names begin of releases that stand for what was found at a target, by `adopt` or for a ledger made anew. */
export const FOUND = { adopted: "adopted-", rebuilt: "rebuilt-" } as const;

/** Whether a release is of a build that was synced, and may be the one that is up. */
export function isOfBuild(id: string): boolean {
  return !Object.values(FOUND).some((beginning) => id.startsWith(beginning));
}

/** The releases of a ledger, the one that was recorded last first. */
export function newestFirst({ releases }: Ledger): readonly NamedRelease[] {
  return [...releases].toSorted(
    ([leftId, left], [rightId, right]) => right.at - left.at || (leftId < rightId ? 1 : -1),
  );
}

/** Whether no other release was recorded at the same time or later. */
export function isNewest({ releases }: Ledger, id: string): boolean {
  const own = releases.get(id);
  if (own === undefined) return false;
  for (const [other, { at }] of releases) if (other !== id && at >= own.at) return false;
  return true;
}

/**
 * The time to record a release with, in seconds since 1970: `now`, but later than all other releases, whatever the
 * clocks of the machines that recorded them said.
 */
export function recordingTime({ releases }: Ledger, id: string, now: number): number {
  let latest = releases.get(id)?.at ?? 0;
  for (const [other, { at }] of releases) if (other !== id && at >= latest) latest = at + 1;
  return Math.max(now, latest);
}
