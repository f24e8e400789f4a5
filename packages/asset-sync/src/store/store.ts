/** Headers of an object, by lower-case name. */
export type StoredHeaders = Readonly<Record<string, string>>;

/** An object with its bytes. `version` changes whenever the bytes do. */
export interface StoredObject {
  readonly body: Buffer;
  readonly version: string;
  readonly headers: StoredHeaders;
}

/** An object without its bytes. `digest` is there when the store knows one of the bytes themselves. */
export interface StoredHead {
  readonly size: number;
  readonly version: string;
  readonly headers: StoredHeaders;
  readonly digest?: { readonly algorithm: "md5" | "sha256"; readonly hex: string };
  /** SHA-256 of the bytes in lower-case hex, as whoever stored them said; undefined when nothing was said. */
  readonly sha256?: string;
  /** What else users have put on it, by the names of its headers; a copy with new headers has to say it again. */
  readonly metadata?: StoredHeaders;
}

/** Part of a store's keys: those that begin with `prefix`, come after `after` and not after `upTo`. */
export interface KeyRange {
  readonly prefix: string;
  readonly after?: string;
  readonly upTo?: string;
}

/** An object as a listing shows it; `size` in bytes as stored. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
}

/** What must hold for a put to happen: nothing is there, or exactly this version is. */
export type PutCondition = { readonly kind: "absent" } | { readonly kind: "version"; readonly version: string };

/** The most keys of one delete: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const DELETED_AT_ONCE = 1000;

/** An object that was to be deleted and was not. */
export interface KeptObject {
  readonly key: string;
  readonly reason: string;
}

/** What an object gets beside its headers; a folder has no place for it. */
export interface ObjectAttributes {
  /** A canned ACL, for example `public-read`. Buckets that have ACLs disabled refuse any. */
  readonly acl?: string;
  /** For example `STANDARD_IA`. */
  readonly storageClass?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What every put says, whatever its size. */
interface PutWords {
  readonly key: string;
  /** SHA-256 of all bytes in lower-case hex; the store refuses other bytes. */
  readonly sha256: string;
  readonly headers: StoredHeaders;
  readonly attributes?: ObjectAttributes;
  readonly condition?: PutCondition;
}

/** Bytes on their way to a store. */
export interface PutRequest extends PutWords {
  readonly body: Buffer;
}

/** Bytes that are too many to hold: the store reads a part at a time, from the beginning and in order. */
export interface LargePutRequest extends PutWords {
  readonly size: number;
  /** Fills `into` with the bytes from `at` on; says how many it took, 0 at the end. */
  readonly read: (into: Buffer, at: number) => Promise<number>;
}

/** New headers for an object whose bytes stay. */
export interface CopyRequest {
  readonly key: string;
  /** SHA-256 of those bytes, for {@link StoredHead.sha256}: new headers take the old saying away. */
  readonly sha256: string;
  /** All that the object is to have afterwards: those left out are taken away. */
  readonly headers: StoredHeaders;
  readonly attributes?: ObjectAttributes;
  readonly condition: Extract<PutCondition, { kind: "version" }>;
}

/**
 * `refused`: the condition did not hold, or another writer was faster. `unsupported`: the endpoint takes no conditions.
 * Nothing was written in both cases.
 */
export type PutResult =
  | { readonly outcome: "stored"; readonly version: string }
  | { readonly outcome: "refused" }
  | { readonly outcome: "unsupported" };

/**
 * Where assets and ledger are kept. Keys are names joined by single slashes, relative to the target's prefix. An object
 * is either completely there or not at all. Every method throws AssetSyncError for what a user can act on.
 */
export interface Store {
  /** Names an object in messages, for example `s3://bucket/prefix/key`. */
  locate(key: string): string;
  /** The object, or undefined when there is none. Throws OversizeError when it has more than `atMost` bytes. */
  get(key: string, signal?: AbortSignal, atMost?: number): Promise<StoredObject | undefined>;
  /** The object's description, or undefined when there is none. */
  head(key: string, signal?: AbortSignal): Promise<StoredHead | undefined>;
  /** Whether everyone may read the object by its own ACL; undefined where no object has one. */
  isPublic(key: string, signal?: AbortSignal): Promise<boolean | undefined>;
  /** SHA-256 of the object's bytes in lower-case hex, read through in pieces; undefined when there is none. */
  digest(key: string, signal?: AbortSignal): Promise<string | undefined>;
  put(request: PutRequest, signal?: AbortSignal): Promise<PutResult>;
  /** As `put`, in parts: what is there before is replaced in one step, after the last part. */
  putLarge(request: LargePutRequest, signal?: AbortSignal): Promise<PutResult>;
  /** Replaces an object's headers in place, without its bytes going over the wire; `refused` also where nothing is there. */
  copy(request: CopyRequest, signal?: AbortSignal): Promise<PutResult>;
  /**
   * Deletes at most {@link DELETED_AT_ONCE} objects in one request; what is not there counts as deleted. Returns the keys
   * that the store kept, with its reason. Unlike other requests, one that began may still take effect after `signal`. Once
   * the store's clock is past `notAfter`, in seconds since 1970, no attempt begins any more; it throws an AbortError.
   */
  delete(keys: readonly string[], signal?: AbortSignal, notAfter?: number): Promise<readonly KeptObject[]>;
  /** The objects of a range in the order of their keys, a page at a time. */
  list(range: KeyRange, signal?: AbortSignal): AsyncIterable<readonly ListedObject[]>;
  /** Whether the endpoint is known to keep to the conditions of writes; to be asked after a request. */
  conditions(): "kept" | "unknown";
  /** What time the store says it is, in seconds since 1970; to be asked after a request. */
  now(): number;
  /** The region that requests go to, where there is such a thing. */
  region(): string | undefined;
  /** The version that these bytes have when they are put, where that can be told beforehand. */
  versionOf(body: Buffer): string;
  /** Lets connections go. */
  close(): void;
}
