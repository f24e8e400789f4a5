import { RESERVED_FOLDER } from "../config/reserved-folder.ts";
import type { ObjectHeaders } from "../scan/headers.ts";

/** What the target holds under one key. */
export interface LedgerFile {
  /** Stored bytes. */
  readonly size: number;
  /** SHA-256 of the stored bytes, lower-case hex; {@link UNKNOWN_DIGEST} when nobody can tell. */
  readonly sha256: string;
  /** Empty when nobody can tell. */
  readonly headers: Partial<ObjectHeaders>;
  /** Stands for what the object got beside bytes and headers, see `optionsDigest`; left out when that was nothing, or nobody can tell. */
  readonly options?: string;
  /** The ledger revision that brought these bytes: of two claims about a key the later one holds. */
  readonly revision: number;
}

/** Files by key, each key once; a `Map` is one. */
export interface LedgerFiles extends Iterable<[key: string, file: LedgerFile]> {
  readonly size: number;
  get(key: string): LedgerFile | undefined;
  has(key: string): boolean;
  keys(): Iterable<string>;
  values(): Iterable<LedgerFile>;
}

/** What one release needs. */
export interface ReleaseRecord {
  /** When it was last recorded, in seconds since 1970. */
  readonly at: number;
  /** How often it was pinned and unpinned: odd is pinned. Left out when it never was. */
  readonly pins?: number;
  /** Its keys, sorted, without repeats; each is in the ledger's files. */
  readonly keys: readonly string[];
}

/** What a target holds and which release needs it. A value: it is merged and written anew, never changed. */
export interface Ledger {
  /** The highest revision of its files; 0 when nothing was ever recorded. */
  readonly revision: number;
  readonly files: LedgerFiles;
  readonly releases: ReadonlyMap<string, ReleaseRecord>;
  /** Whether the endpoint keeps to the conditions of a write, where that had to be found out. */
  readonly conditions?: Conditions;
  /** The last collection, if there ever was one. */
  readonly collection?: Collection;
}

/** What collections have taken out of the ledger. */
export interface Collection {
  /** The revision of the ledger that the last one made. Revisions never go back, although rows with high ones may be gone. */
  readonly revision: number;
  /** What is being deleted, and what could not be; none when all collections are over. */
  readonly claims: readonly Claim[];
}

/** Objects that no release needed any more, and that one collection deletes. */
export interface Claim {
  /** That of the collection. */
  readonly revision: number;
  /** Random, 16 hex digits: two collections may want to write the same otherwise, and each has to know its own. */
  readonly id?: string;
  /** Keys of which nobody can tell yet whether they are deleted, sorted. Rows of files win over them. */
  readonly keys: readonly string[];
  /** Seconds since 1970: no delete takes effect later. Until then whoever needs one of the keys has to wait. */
  readonly until: number;
}

/** What an endpoint does about `If-Match` and `If-None-Match` on writes. */
export type Conditions = "kept" | "ignored";

/** Whether a release is kept whatever its age. */
export function isPinned({ pins = 0 }: ReleaseRecord): boolean {
  return pins % 2 === 1;
}

/**
 * Stands for what a ledger says of a key: the revision of its row; where it has none, the last collection below zero,
 * as a key that was absent before it may have come and gone since.
 */
export function standing({ files, collection }: Ledger, key: string): number {
  return files.get(key)?.revision ?? -(collection?.revision ?? 0);
}

/** The ledger of a target that was never synced to. */
export const EMPTY_LEDGER: Ledger = { revision: 0, files: new Map(), releases: new Map() };

/** Where a ledger lies, below the target's prefix. */
export const LEDGER_KEY: string = `${RESERVED_FOLDER}/ledger.json.zst`;

/** Where entries of a ledger lie that is not one object, because its endpoint ignores conditions. */
export const LEDGER_ENTRIES: string = `${RESERVED_FOLDER}/ledger/`;

/** Stands for bytes that an interrupted or failed run may have replaced: no file has this digest, so any is sent. */
export const UNKNOWN_DIGEST: string = "0".repeat(64);
