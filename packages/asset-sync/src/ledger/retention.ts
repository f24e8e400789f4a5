import { isPinned, type Ledger } from "./ledger.ts";
import { isOfBuild, newestFirst } from "./release-order.ts";

/** What a collection has to keep. */
export interface RetentionRules {
  /** The last so many releases, at least 1. */
  readonly keep: number;
  /** Releases that were among those less than so many seconds ago. */
  readonly minAge: number;
  /** Releases of which an image runs. */
  readonly running: ReadonlySet<string>;
}

/** Why a release is kept. */
export type KeepReason = "newest" | "recent" | "young" | "pinned" | "running";

/** A release that is kept. */
export interface KeptRelease {
  readonly release: string;
  readonly reasons: readonly KeepReason[];
}

/** What the rules say of each release and file of a ledger. */
export interface Retention {
  /** Newest first. */
  readonly kept: readonly KeptRelease[];
  /** Newest first. */
  readonly dropped: readonly string[];
  /** Keys that no kept release needs, sorted. */
  readonly unneeded: readonly string[];
}

/**
 * Which releases a ledger may forget, and which files nobody needs then. A release counts as needed while it is among the
 * last that are kept, as any of those may be the one that is up, and its age is the time since then: one that was up for a
 * month and was replaced a minute ago is not a month old. What was found at a target counts as no release that others are
 * superseded by. Pure.
 *
 * @param now in seconds since 1970
 */
export function retain(ledger: Ledger, rules: RetentionRules, now: number): Retention {
  const kept: KeptRelease[] = [];
  const dropped: string[] = [];
  const needed = new Set<string>();
  const releases = newestFirst(ledger);
  const newer: number[] = [];
  for (const [id, record] of releases) {
    const index = newer.length;
    const reasons = index < rules.keep ? [rankOf(id, index)] : [];
    const supersededAt = newer[index - rules.keep] ?? now;
    if (isOfBuild(id)) newer.push(record.at);
    if (index >= rules.keep && Math.max(0, now - supersededAt) < rules.minAge) reasons.push("young");
    if (isPinned(record)) reasons.push("pinned");
    if (rules.running.has(id)) reasons.push("running");
    if (reasons.length === 0) dropped.push(id);
    else {
      kept.push({ release: id, reasons });
      for (const key of record.keys) needed.add(key);
    }
  }
  const unneeded = [...ledger.files.keys()].filter((key) => !needed.has(key)).toSorted();
  return { kept, dropped, unneeded };
}

/** What was found at a target after the last build is among the last, and the newest of nothing. */
function rankOf(id: string, index: number): KeepReason {
  return index === 0 && isOfBuild(id) ? "newest" : "recent";
}
