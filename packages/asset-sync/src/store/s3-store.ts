import { hash } from "node:crypto";

import type { S3Target } from "../config/target.ts";
import { AssetSyncError } from "../errors.ts";
import { bareEtag, likelyEtagForm, type EtagForm } from "./etag.ts";
import { isCephRequest, keepsConditions } from "./known-servers.ts";
import { OversizeError } from "./oversize.ts";
import { encodeKey } from "./s3-address.ts";
import { checksumHeader, checksumKind, conditionHeader, objectHeaders } from "./put-headers.ts";
import { checkKey } from "./key.ts";
import { checkTime } from "./store-clock.ts";
import { look } from "./look.ts";
import type { RequestCounter } from "./request-counter.ts";
import { connect, patienceOf, type S3Connection, type S3Settings } from "./s3-connection.ts";
import { isAbsent, isRefusedCondition, isUnsupportedCondition, s3Failure } from "./s3-failure.ts";
import { withMends } from "./s3-mend.ts";
import { deleteObjects } from "./s3-delete.ts";
import { listPages } from "./s3-list.ts";
import { uploadInParts } from "./s3-multipart.ts";
import { readDigest, readHead, readObject, readsPublic } from "./s3-read.ts";
import type { S3Wire, WireAnswer, WireRequest } from "./s3-wire.ts";
import type {
  CopyRequest,
  KeptObject,
  KeyRange,
  LargePutRequest,
  ListedObject,
  PutCondition,
  PutRequest,
  PutResult,
  Store,
  StoredHead,
  StoredObject,
} from "./store.ts";

/** A bucket, or the part of it below a prefix, as a store. Nothing is loaded or connected before the first request. */
export function s3Store(target: S3Target, counter: RequestCounter, settings: S3Settings = {}): Store {
  return new S3Store(target, counter, settings);
}

class S3Store implements Store {
  readonly #target: S3Target;
  readonly #counter: RequestCounter;
  readonly #settings: S3Settings;
  #connection: S3Connection | undefined;
  #etagForm: EtagForm | undefined;
  #etagFormProven = false;
  #keepsConditions = false;
  #isCeph = false;
  readonly now = (): number => this.#connected().clock.now() / 1000;
  readonly region = (): string => this.#connected().region;

  constructor(target: S3Target, counter: RequestCounter, settings: S3Settings) {
    this.#target = target;
    this.#counter = counter;
    this.#settings = settings;
  }

  locate(key: string): string {
    return `s3://${this.#target.bucket}/${this.#target.prefix}${key}`;
  }

  versionOf(body: Buffer): string {
    return hash("md5", body);
  }

  conditions(): "kept" | "unknown" {
    return this.#keepsConditions ? "kept" : "unknown";
  }

  get(key: string, signal?: AbortSignal, atMost?: number): Promise<StoredObject | undefined> {
    return this.#read(key, "Reading", signal, async (wire, path) => {
      const { object, requestId } = await readObject(wire, path, signal, atMost);
      this.#etagForm ??= likelyEtagForm(requestId);
      return object;
    });
  }

  head(key: string, signal?: AbortSignal): Promise<StoredHead | undefined> {
    return this.#read(key, "Looking at", signal, (wire, path) => readHead(wire, path, signal));
  }

  isPublic(key: string, signal?: AbortSignal): Promise<boolean | undefined> {
    return this.#read(key, "Reading the ACL of", signal, (wire, path) => readsPublic(wire, path, signal));
  }

  digest(key: string, signal?: AbortSignal): Promise<string | undefined> {
    return this.#read(key, "Reading", signal, (wire, path) => readDigest(wire, path, signal));
  }

  put(request: PutRequest, signal?: AbortSignal): Promise<PutResult> {
    const headers = {
      ...objectHeaders(request, this.#settings.encryption),
      ...checksumHeader(checksumKind(this.#target.endpoint, this.#isCeph), request),
    };
    const words = { method: "PUT", key: request.key, content: request } as const;
    return this.#conditionally(request, signal, async (condition) => {
      return bareEtag((await this.#write({ ...words, headers: { ...headers, ...condition } }, signal)).headers.etag);
    });
  }

  putLarge(request: LargePutRequest, signal?: AbortSignal): Promise<PutResult> {
    const createHeaders = objectHeaders(request, this.#settings.encryption);
    return this.#conditionally(request, signal, (completeHeaders) =>
      uploadInParts({
        send: (part, stop) => this.#write(part, stop),
        stored: () => look(this, request.key, signal),
        request,
        createHeaders,
        completeHeaders,
        signal,
      }),
    );
  }

  copy(request: CopyRequest, signal?: AbortSignal): Promise<PutResult> {
    const { key, attributes, condition } = request;
    const headers = {
      ...objectHeaders(request, this.#settings.encryption),
      "x-amz-copy-source": encodeKey(`${this.#target.bucket}/${this.#target.prefix}${key}`),
      "x-amz-metadata-directive": "REPLACE",
      ...(attributes?.tags === undefined ? {} : { "x-amz-tagging-directive": "REPLACE" }),
    };
    return this.#conditionally(request, signal, async ({ "if-match": tag = "" }) => {
      await this.#write({ method: "PUT", key, headers: { ...headers, "x-amz-copy-source-if-match": tag } }, signal);
      return condition.version;
    });
  }

  async delete(keys: readonly string[], signal?: AbortSignal, notAfter?: number): Promise<readonly KeptObject[]> {
    for (const key of keys) checkKey(key);
    try {
      const { wire } = this.#connected();
      const ask = (request: WireRequest): Promise<string> =>
        this.#attempts(signal, async () => {
          checkTime(this, notAfter);
          return (await wire.write(request, signal)).body;
        });
      return await deleteObjects(keys, this.#target.prefix, ask);
    } catch (error) {
      throw this.#failure(error, "Deleting", keys[0] ?? "", signal);
    }
  }

  async *list(range: KeyRange, signal?: AbortSignal): AsyncIterable<readonly ListedObject[]> {
    try {
      const { wire } = this.#connected();
      yield* listPages(this.#target, range, (request) => this.#attempts(signal, () => wire.send(request, signal)));
    } catch (error) {
      throw this.#failure(error, "Listing", range.prefix, signal);
    }
  }

  close(): void {
    this.#connection?.close();
  }

  /** Writes under a condition, in the form of entity tag that this endpoint reads. */
  async #conditionally(
    { key, condition }: { readonly key: string; readonly condition?: PutCondition },
    signal: AbortSignal | undefined,
    write: (condition: Readonly<Record<string, string>>) => Promise<string | undefined>,
  ): Promise<PutResult> {
    const attempt = (form: EtagForm): Promise<PutResult> =>
      this.#outcome(key, condition, signal, () => write(conditionHeader(condition, form)));
    if (condition?.kind !== "version") return attempt("quoted");
    const form = this.#etagForm ?? "quoted";
    const result = await attempt(form);
    if (result.outcome === "stored") this.#etagFormProven = true;
    if (result.outcome !== "refused" || this.#etagFormProven) return result;
    // A refusal although nothing changed means that this endpoint reads the tag in the other form.
    const there = await this.head(key, signal);
    if (there?.version !== condition.version) return result;
    this.#etagForm = form === "quoted" ? "bare" : "quoted";
    return attempt(this.#etagForm);
  }

  async #outcome(
    key: string,
    condition: PutCondition | undefined,
    signal: AbortSignal | undefined,
    write: () => Promise<string | undefined>,
  ): Promise<PutResult> {
    try {
      const version = await write();
      return version === undefined ? { outcome: "refused" } : { outcome: "stored", version };
    } catch (error) {
      if (condition !== undefined && isRefusedCondition(error)) return { outcome: "refused" };
      if (condition !== undefined && isUnsupportedCondition(error)) return { outcome: "unsupported" };
      throw this.#failure(error, "Writing", key, signal);
    }
  }

  async #write(request: WireRequest, signal: AbortSignal | undefined): Promise<WireAnswer> {
    checkKey(request.key);
    const { wire } = this.#connected();
    const addressed = { ...request, key: this.#target.prefix + request.key };
    return this.#attempts(signal, () => wire.send(addressed, signal));
  }

  async #read<T>(
    key: string,
    doing: string,
    signal: AbortSignal | undefined,
    work: (wire: S3Wire, path: string) => Promise<T>,
  ): Promise<T | undefined> {
    checkKey(key);
    try {
      const { wire } = this.#connected();
      return await this.#attempts(signal, () => work(wire, this.#target.prefix + key));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw this.#failure(error, doing, key, signal);
    }
  }

  #attempts<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const { onThrottle } = this.#settings;
    return withMends(this.#connected(), work, { patience: patienceOf(this.#settings), signal, onThrottle });
  }

  /** What to throw for a failed request: an interruption breaks connections, and is none of the store's failures. */
  #failure(error: unknown, doing: string, key: string, signal: AbortSignal | undefined): unknown {
    const interrupted = signal?.aborted === true && !(error instanceof AssetSyncError);
    if (interrupted || error instanceof OversizeError) return interrupted ? signal.reason : error;
    const accessKeyId = this.#connection?.accessKeyId();
    return s3Failure(error, doing, this.locate(key), { target: this.#target, accessKeyId });
  }

  #connected(): S3Connection {
    this.#connection ??= connect(this.#target, this.#counter, {
      ...this.#settings,
      onAnswer: (headers) => {
        this.#keepsConditions ||= keepsConditions(this.#target.endpoint, headers);
        this.#isCeph ||= isCephRequest(String(headers["x-amz-request-id"]));
      },
    });
    return this.#connection;
  }
}
