import { fromRuns, insertions, toRuns, widenRuns, type Runs } from "./key-set.ts";
import type { ReleaseRecord } from "./ledger.ts";

/** A release as it is written: which keys it needs as runs over all keys of the ledger. */
export interface StoredRelease {
  readonly at: number;
  readonly pins?: number;
  readonly runs: Runs;
}

interface Origin {
  readonly allKeys: readonly string[];
  readonly runs: Runs;
}

/** The stored form of releases that were read: most are written again as they are, and never looked into. */
const ORIGINS = new WeakMap<ReleaseRecord, Origin>();

/** A release that was read; its keys are made when they are first asked for. */
export function storedRelease(allKeys: readonly string[], { at, pins, runs }: StoredRelease): ReleaseRecord {
  let keys: readonly string[] | undefined;
  const release: ReleaseRecord = {
    at,
    ...(pins === undefined ? {} : { pins }),
    get keys(): readonly string[] {
      keys ??= fromRuns(allKeys, runs);
      return keys;
    },
  };
  ORIGINS.set(release, { allKeys, runs });
  return release;
}

/** Gives the runs over `keys` (sorted) of one release after the other. */
export function recordedRuns(keys: readonly string[]): (release: ReleaseRecord) => Runs {
  const places = new Map<readonly string[], readonly number[] | undefined>();
  return (release) => {
    const origin = ORIGINS.get(release);
    if (origin === undefined) return toRuns(keys, release.keys);
    if (!places.has(origin.allKeys)) places.set(origin.allKeys, insertions(origin.allKeys, keys));
    const between = places.get(origin.allKeys);
    return between === undefined ? toRuns(keys, release.keys) : widenRuns(origin.runs, between);
  };
}
