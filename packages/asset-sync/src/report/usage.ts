import { leftOverKeys } from "../ledger/claims.ts";
import { isPinned, type Ledger, type LedgerFile } from "../ledger/ledger.ts";
import { newestFirst, type NamedRelease } from "../ledger/release-order.ts";
import { retain, type RetentionRules } from "../ledger/retention.ts";
import { packingOf } from "../scan/asset-kind.ts";
import { isFingerprinted } from "../scan/fingerprint.ts";

/** Files and their bytes, as stored. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** One release: all that it needs, and what of that the release before it did not need. */
export interface ReleaseUsage {
  readonly release: string;
  /** When it was last recorded, in seconds since 1970. */
  readonly at: number;
  readonly pinned: boolean;
  readonly needed: Amount;
  readonly added: Amount;
}

/** A file that has become larger from one release to the next; `name` is its key without a hash. */
export interface Growth {
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** What lies at a target, as its ledger knows it. */
export interface Usage {
  readonly stored: Amount;
  /** Newest first. */
  readonly releases: readonly ReleaseUsage[];
  /** By media type, the largest first. */
  readonly types: readonly (Amount & { readonly type: string })[];
  /** From the release before the newest to the newest, the most first. */
  readonly grown: readonly Growth[];
  /** `leftOver` is how many files more an earlier collection may not have deleted; nobody has written down their sizes. */
  readonly collectable: Amount & { readonly releases: readonly string[]; readonly leftOver: number };
}

const GROWN_AT_MOST = 20;

/**
 * Works out what is stored and why. Pure.
 *
 * @param now in seconds since 1970
 */
export function usageOf(ledger: Ledger, rules: RetentionRules, now: number): Usage {
  const releases = newestFirst(ledger);
  const { dropped, unneeded } = retain(ledger, rules, now);
  return {
    stored: amount([...ledger.files.values()]),
    releases: releases.map((release, index) => releaseUsage(ledger, release, releases[index + 1])),
    types: typeAmounts(ledger),
    grown: growth(ledger, releases),
    collectable: { ...amount(rowsOf(ledger, unneeded)), releases: dropped, leftOver: leftOverKeys(ledger).length },
  };
}

function releaseUsage(ledger: Ledger, [release, record]: NamedRelease, before: NamedRelease | undefined): ReleaseUsage {
  const known = new Set(before?.[1].keys);
  const { at, keys } = record;
  return {
    release,
    at,
    pinned: isPinned(record),
    needed: amount(rowsOf(ledger, keys)),
    added: amount(
      rowsOf(
        ledger,
        keys.filter((key) => !known.has(key)),
      ),
    ),
  };
}

function typeAmounts({ files }: Ledger): Usage["types"] {
  const rows = Map.groupBy(files.values(), ({ headers }) => (headers["content-type"] ?? "unknown").replace(/;.*$/, ""));
  return [...rows]
    .map(([type, group]) => ({ type, ...amount(group) }))
    .toSorted((left, right) => right.bytes - left.bytes || (left.type < right.type ? -1 : 1));
}

function growth(ledger: Ledger, [newest, before]: readonly NamedRelease[]): readonly Growth[] {
  if (newest === undefined || before === undefined) return [];
  const earlier = new Map(before[1].keys.map((key) => [nameOf(key), ledger.files.get(key)?.size ?? 0]));
  return newest[1].keys
    .map((key) => ({ name: nameOf(key), after: ledger.files.get(key)?.size ?? 0 }))
    .map(({ name, after }) => ({ name, before: earlier.get(name) ?? 0, after }))
    .filter((one) => one.after > one.before)
    .toSorted((left, right) => right.after - right.before - (left.after - left.before))
    .slice(0, GROWN_AT_MOST);
}

/** A key without the hash in its name, which has dashes only where it is Vite's: what stays the same from release to release. */
function nameOf(key: string): string {
  if (!isFingerprinted(packingOf(key).inner)) return key;
  const at = key.lastIndexOf("/") + 1;
  return key.slice(0, at) + key.slice(at).replace(/[-.](?:[0-9A-Za-z]{8,128}|[0-9A-Za-z_-]{8})(?=\.)/, "");
}

function rowsOf({ files }: Ledger, keys: readonly string[]): readonly LedgerFile[] {
  return keys.map((key) => files.get(key)).filter((row) => row !== undefined);
}

function amount(rows: readonly LedgerFile[]): Amount {
  return { files: rows.length, bytes: rows.reduce((sum, { size }) => sum + size, 0) };
}
