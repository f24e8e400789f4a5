/** The order of an upload; each phase begins only when the one before it is completely there. */
export const PHASES = ["fingerprinted", "plain", "manifest"] as const;

/** One step of that order. */
export type Phase = (typeof PHASES)[number];

/** Why a file is sent; `changed headers` and `changed options` (ACL, class, encryption, tags) are changed in place where they can be, `in doubt` when the ledger cannot tell what is stored, `refresh` when it is not believed. */
export type PutReason = "new" | "changed bytes" | "changed headers" | "changed options" | "in doubt" | "refresh";

/** Something about a build that may be a mistake; `names` and `file` are keys. */
export type Finding =
  /** A manifest, stylesheet or script asks for a file that is not in the folders that were scanned. */
  | { readonly kind: "missing"; readonly file: string; readonly names: string }
  /** A manifest is no JSON; the names of files alone say then what is fingerprinted. */
  | { readonly kind: "unreadable"; readonly file: string; readonly reason: string }
  /** A file is called like a manifest, but another manifest names it, with a hash: it counts as an asset. */
  | { readonly kind: "no manifest"; readonly file: string };

/** Requests that reached the wire, retries counted one by one. */
export interface RequestCounts {
  readonly total: number;
  readonly get: number;
  readonly put: number;
  readonly head: number;
  readonly list: number;
  readonly copy: number;
  readonly delete: number;
  /** Of a CDN's cache. */
  readonly invalidate: number;
}

/** The last event of a sync; sizes in bytes as stored. */
export interface SyncSummary {
  readonly type: "summary";
  readonly release: string;
  readonly target: string;
  readonly dryRun: boolean;
  readonly uploaded: number;
  readonly copied: number;
  readonly unchanged: number;
  /** Bytes that were sent. */
  readonly bytes: number;
  /** All files of the release, and what its compressed siblings spare whoever loads each file once, in bytes. */
  readonly files: number;
  readonly bytesSaved: number;
  readonly seconds: number;
  readonly requests: RequestCounts;
  /** What others would have needed at least, by computation. */
  readonly peers: { readonly assetSync: number; readonly awsS3Sync: number };
}

/** What a sync tells while it works, in the order it happens. */
export type SyncEvent =
  | { readonly type: "scanned"; readonly files: number; readonly bytes: number; readonly skipped: readonly string[] }
  | ({ readonly type: "finding" } & Finding)
  | { readonly type: "ledger-read"; readonly key: string; readonly files: number; readonly releases: number }
  | { readonly type: "compressing"; readonly files: number; readonly bytes: number }
  | { readonly type: "compressed"; readonly files: number; readonly bytes: number; readonly saved: number }
  | {
      readonly type: "planned";
      readonly puts: number;
      readonly copies: number;
      readonly unchanged: number;
      readonly bytes: number;
    }
  | { readonly type: "phase"; readonly phase: Phase; readonly files: number; readonly bytes: number }
  | {
      readonly type: "uploaded";
      readonly key: string;
      readonly bytes: number;
      readonly phase: Phase;
      readonly reason: PutReason;
    }
  | { readonly type: "copied"; readonly key: string; readonly bytes: number; readonly phase: Phase }
  | { readonly type: "present"; readonly key: string; readonly bytes: number; readonly phase: Phase }
  | { readonly type: "ledger-set-aside"; readonly key: string; readonly aside: string; readonly reason: string }
  | { readonly type: "ledger-rebuilt"; readonly files: number }
  /** Files that this run needs are being deleted by a collection; `until` in seconds since 1970. */
  | { readonly type: "collection-awaited"; readonly files: number; readonly until: number }
  | { readonly type: "ledger-conflict"; readonly key: string; readonly attempt: number }
  | { readonly type: "ledger-written"; readonly key: string; readonly version: string }
  | {
      readonly type: "invalidated";
      readonly distribution: string;
      readonly id: string;
      readonly paths: readonly string[];
    }
  | { readonly type: "receipt-written"; readonly file: string }
  | SyncSummary;

/** Takes events as they happen; it must not throw. */
export type SyncListener = (event: SyncEvent) => void;

/** What a collection tells while it works, in the order it happens. */
export type CollectionEvent =
  | Extract<SyncEvent, { readonly type: "ledger-read" }>
  | {
      readonly type: "collection-planned";
      /** Releases to forget, files to delete, those that a collection before left over included, bytes as the ledger knows them, files that stay. */
      readonly releases: number;
      readonly files: number;
      readonly bytes: number;
      readonly left: number;
    }
  /** So many objects more are deleted. */
  | { readonly type: "deleted"; readonly count: number }
  | CollectionSummary;

/** Takes events as they happen; it must not throw. */
export type CollectionListener = (event: CollectionEvent) => void;

/** The last event of a collection; bytes as the ledger knows them. */
export interface CollectionSummary {
  readonly type: "summary";
  readonly target: string;
  /** Releases that the ledger has forgotten. */
  readonly releases: number;
  readonly deleted: number;
  readonly bytes: number;
  /** Files that stay. */
  readonly left: number;
  readonly requests: RequestCounts;
}
