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
  /** The ledger revision that brought these bytes: of two claims about a key the later one holds. */
  readonly revision: number;
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
  readonly files: ReadonlyMap<string, LedgerFile>;
  readonly releases: ReadonlyMap<string, ReleaseRecord>;
  /** Whether the endpoint keeps to the conditions of a write, where that had to be found out. */
  readonly conditions?: Conditions;
}

/** What an endpoint does about `If-Match` and `If-None-Match` on writes. */
export type Conditions = "kept" | "ignored";

/** Whether a release is kept whatever its age. */
export function isPinned({ pins = 0 }: ReleaseRecord): boolean {
  return pins % 2 === 1;
}

/** The ledger of a target that was never synced to. */
export const EMPTY_LEDGER: Ledger = { revision: 0, files: new Map(), releases: new Map() };

/** Where a ledger lies, below the target's prefix. */
export const LEDGER_KEY: string = `${RESERVED_FOLDER}/ledger.json.zst`;

/** Where entries of a ledger lie that is not one object, because its endpoint ignores conditions. */
export const LEDGER_ENTRIES: string = `${RESERVED_FOLDER}/ledger/`;

/** Stands for bytes that an interrupted or failed run may have replaced: no file has this digest, so any is sent. */
export const UNKNOWN_DIGEST: string = "0".repeat(64);
