import { headersText } from "../scan/headers.ts";
import { LaidOverFiles } from "./laid-over-files.ts";
import {
  EMPTY_LEDGER,
  UNKNOWN_DIGEST,
  type Collection,
  type Conditions,
  type Ledger,
  type LedgerFile,
  type LedgerFiles,
  type ReleaseRecord,
} from "./ledger.ts";

/**
 * The union of two ledgers. Commutative, associative and idempotent, so builds may be merged in any order and twice.
 * For a key that both know, the higher revision holds; a release that both know needs what either says, and of two
 * counts of its pins the higher one holds.
 */
export function merge(left: Ledger, right: Ledger): Ledger {
  const conditions = joinConditions(left.conditions, right.conditions);
  const collection = laterCollection(left.collection, right.collection);
  return {
    revision: Math.max(left.revision, right.revision),
    files: mergeFiles(left.files, right.files),
    releases: mergeReleases(left.releases, right.releases),
    ...(conditions === undefined ? {} : { conditions }),
    ...(collection === undefined ? {} : { collection }),
  };
}

/**
 * As {@link merge}, of ledgers that were written side by side with nothing to keep them in order. Where two give a file
 * the same revision and say different things of it, nobody can tell whose bytes are stored.
 */
export function mergeUnordered(ledgers: readonly Ledger[]): Ledger {
  const files = new Map<string, LedgerFile>();
  for (const ledger of ledgers) {
    for (const [key, file] of ledger.files) files.set(key, joined(files.get(key), file, laterFile));
  }
  for (const ledger of ledgers) {
    for (const [key, file] of ledger.files) {
      const kept = files.get(key);
      if (kept === undefined || kept === file || kept.revision !== file.revision) continue;
      if (fileText(kept) !== fileText(file)) files.set(key, { ...kept, sha256: UNKNOWN_DIGEST });
    }
  }
  return { ...ledgers.map(withoutFiles).reduce(merge, EMPTY_LEDGER), files };
}

/** What a ledger says beside its files, which are put into one map: a thousand ledgers, layer upon layer, would take seconds. */
function withoutFiles(ledger: Ledger): Ledger {
  return { ...ledger, files: EMPTY_LEDGER.files };
}

/** An endpoint that was seen to ignore conditions is never believed again. */
function joinConditions(one: Conditions | undefined, other: Conditions | undefined): Conditions | undefined {
  return one === "ignored" || other === "ignored" ? "ignored" : (one ?? other);
}

function laterCollection(one: Collection | undefined, other: Collection | undefined): Collection | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.revision !== other.revision) return one.revision > other.revision ? one : other;
  return collectionText(one) >= collectionText(other) ? one : other;
}

function collectionText({ claims }: Collection): string {
  return JSON.stringify(claims.map(({ revision, id, until, keys }) => [revision, id, until, keys]));
}

function mergeFiles(left: LedgerFiles, right: LedgerFiles): LedgerFiles {
  if (left.size === 0) return right;
  if (right.size === 0) return left;
  const rows = new Map<string, LedgerFile>();
  for (const [key, file] of right) rows.set(key, joined(left.get(key), file, laterFile));
  return new LaidOverFiles(left, rows);
}

function mergeReleases(left: Ledger["releases"], right: Ledger["releases"]): Ledger["releases"] {
  const all = new Map(left);
  for (const [id, release] of right) all.set(id, joined(left.get(id), release, joinRelease));
  return all;
}

function joined<T>(present: T | undefined, added: T, join: (one: T, other: T) => T): T {
  return present === undefined ? added : join(present, added);
}

function laterFile(one: LedgerFile, other: LedgerFile): LedgerFile {
  if (one === other) return one;
  if (one.revision !== other.revision) return one.revision > other.revision ? one : other;
  return fileText(one) >= fileText(other) ? one : other;
}

/** Any total order would do for equal revisions; it only has to be the same from both sides. */
function fileText(file: LedgerFile): string {
  return `${file.sha256} ${file.size} ${headersText(file.headers)} ${file.options ?? ""}`;
}

function joinRelease(one: ReleaseRecord, other: ReleaseRecord): ReleaseRecord {
  if (one === other) return one;
  const pins = Math.max(one.pins ?? 0, other.pins ?? 0);
  const at = Math.max(one.at, other.at);
  return { at, ...(pins === 0 ? {} : { pins }), keys: joinKeys(one.keys, other.keys) };
}

function joinKeys(one: readonly string[], other: readonly string[]): readonly string[] {
  if (one.length === other.length && one.every((key, index) => key === other[index])) return one;
  return [...new Set([...one, ...other])].toSorted();
}
