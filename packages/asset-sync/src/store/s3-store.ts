import type {
  GetObjectCommandOutput,
  HeadObjectCommandOutput,
  PutObjectCommand,
  PutObjectCommandInput,
} from "@aws-sdk/client-s3";

import type { S3Target } from "../config/target.ts";
import { AssetSyncError } from "../errors.ts";
import { bareEtag, likelyEtagForm, writeEtag, type EtagForm } from "./etag.ts";
import type { RequestCounter } from "./request-counter.ts";
import { connect, type S3Connection, type S3Settings } from "./s3-client.ts";
import { listPages } from "./s3-list.ts";
import { isAbsent, isRefusedCondition, s3Failure } from "./s3-failure.ts";
import { readWhole, sendInPieces } from "./s3-transfer.ts";
import type {
  KeyRange,
  ListedObject,
  PutRequest,
  PutResult,
  Store,
  StoredHead,
  StoredHeaders,
  StoredObject,
} from "./store.ts";

/** Under `x-amz-meta-`: an entity tag is no digest of encrypted objects and of those that came in parts. */
const DIGEST_NAME = "sha256";

/** A bucket, or the part of it below a prefix, as a store. Nothing is loaded or connected before the first request. */
export function s3Store(target: S3Target, counter: RequestCounter, settings: S3Settings = {}): Store {
  return new S3Store(target, counter, settings);
}

class S3Store implements Store {
  readonly #target: S3Target;
  readonly #counter: RequestCounter;
  readonly #settings: S3Settings;
  #connection: Promise<S3Connection> | undefined;
  #etagForm: EtagForm | undefined;
  #etagFormProven = false;

  constructor(target: S3Target, counter: RequestCounter, settings: S3Settings) {
    this.#target = target;
    this.#counter = counter;
    this.#settings = settings;
  }

  locate(key: string): string {
    return `s3://${this.#target.bucket}/${this.#target.prefix}${key}`;
  }

  async get(key: string, signal?: AbortSignal): Promise<StoredObject | undefined> {
    try {
      const { sdk, client } = await this.#connected();
      const command = new sdk.GetObjectCommand(this.#address(key));
      readWhole(command, signal);
      const answer = await client.send(command, abortable(signal));
      const body = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
      this.#etagForm ??= likelyEtagForm(answer.$metadata.requestId);
      return { body, version: bareEtag(answer.ETag), headers: storedHeaders(answer) };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw this.#failure(error, "Reading", key, signal);
    }
  }

  async head(key: string, signal?: AbortSignal): Promise<StoredHead | undefined> {
    try {
      const { sdk, client } = await this.#connected();
      const answer = await client.send(new sdk.HeadObjectCommand(this.#address(key)), abortable(signal));
      const md5 = etagMd5(answer);
      return {
        size: answer.ContentLength ?? 0,
        version: bareEtag(answer.ETag),
        headers: storedHeaders(answer),
        ...(md5 === undefined ? {} : { digest: { algorithm: "md5", hex: md5 } }),
        ...saidDigest(answer.Metadata),
      };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw this.#failure(error, "Looking at", key, signal);
    }
  }

  async put(request: PutRequest, signal?: AbortSignal): Promise<PutResult> {
    const { condition } = request;
    if (condition?.kind !== "version") return this.#send(request, "quoted", signal);
    const form = this.#etagForm ?? "quoted";
    const result = await this.#send(request, form, signal);
    if (result.outcome === "stored") this.#etagFormProven = true;
    if (result.outcome === "stored" || this.#etagFormProven) return result;
    // A refusal although nothing changed means that this endpoint reads the tag in the other form.
    const there = await this.head(request.key, signal);
    if (there?.version !== condition.version) return result;
    this.#etagForm = form === "quoted" ? "bare" : "quoted";
    return this.#send(request, this.#etagForm, signal);
  }

  copy(): Promise<PutResult> {
    return Promise.resolve({ outcome: "refused" });
  }

  async #send(request: PutRequest, form: EtagForm, signal: AbortSignal | undefined): Promise<PutResult> {
    const { condition } = request;
    try {
      const { sdk, client } = await this.#connected();
      const command = new sdk.PutObjectCommand({
        ...this.#address(request.key),
        ...putInput(request),
        ...(condition?.kind === "absent" ? { IfNoneMatch: "*" } : {}),
        ...(condition?.kind === "version" ? { IfMatch: writeEtag(condition.version, form) } : {}),
      });
      signDigest(command, request.sha256);
      sendInPieces(command, request.body);
      const answer = await client.send(command, abortable(signal));
      return { outcome: "stored", version: bareEtag(answer.ETag) };
    } catch (error) {
      if (condition !== undefined && isRefusedCondition(error)) return { outcome: "refused" };
      throw this.#failure(error, "Writing", request.key, signal);
    }
  }

  async *list(range: KeyRange, signal?: AbortSignal): AsyncIterable<readonly ListedObject[]> {
    try {
      yield* listPages(await this.#connected(), this.#target, range, abortable(signal));
    } catch (error) {
      throw this.#failure(error, "Listing", range.prefix, signal);
    }
  }

  async region(): Promise<string | undefined> {
    const { client } = await this.#connected();
    return client.config.region();
  }

  close(): void {
    void this.#connection?.then(
      ({ client }) => client.destroy(),
      () => undefined,
    );
  }

  /** What to throw for a failed request: an interruption breaks connections, and is none of the store's failures. */
  #failure(error: unknown, doing: string, key: string, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted === true && !(error instanceof AssetSyncError)) return signal.reason;
    return s3Failure(error, doing, this.locate(key), this.#target);
  }

  #address(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#target.bucket, Key: this.#target.prefix + key };
  }

  #connected(): Promise<S3Connection> {
    this.#connection ??= connect(this.#target, this.#counter, this.#settings);
    return this.#connection;
  }
}

function putInput({ body, headers, sha256 }: PutRequest): Omit<PutObjectCommandInput, "Bucket" | "Key"> {
  return {
    Body: body,
    ContentLength: body.length,
    ContentType: headers["content-type"],
    CacheControl: headers["cache-control"],
    ContentDisposition: headers["content-disposition"],
    ContentLanguage: headers["content-language"],
    ContentEncoding: headers["content-encoding"],
    Metadata: { [DIGEST_NAME]: sha256 },
  };
}

/**
 * Signs the digest that was taken when the file was scanned instead of a new one: S3 checks it against the bytes that
 * arrive, so a body damaged on the way, or a file changed since, is refused, with no checksum header needed.
 */
function signDigest(command: PutObjectCommand, sha256: string): void {
  command.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (typeof request === "object" && request !== null && "headers" in request) {
        Object.assign(request.headers ?? {}, { "x-amz-content-sha256": sha256 });
      }
      return next(args);
    },
    { step: "build", name: "signDigest" },
  );
}

function storedHeaders(answer: GetObjectCommandOutput | HeadObjectCommandOutput): StoredHeaders {
  const { ContentType, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage } = answer;
  return {
    ...(ContentType === undefined ? {} : { "content-type": ContentType }),
    ...(CacheControl === undefined ? {} : { "cache-control": CacheControl }),
    ...(ContentDisposition === undefined ? {} : { "content-disposition": ContentDisposition }),
    ...(ContentEncoding === undefined ? {} : { "content-encoding": ContentEncoding }),
    ...(ContentLanguage === undefined ? {} : { "content-language": ContentLanguage }),
  };
}

/** An ETag is the MD5 of the bytes unless the object came in parts or is encrypted with a key of KMS. */
function etagMd5(answer: HeadObjectCommandOutput): string | undefined {
  if (answer.ServerSideEncryption?.startsWith("aws:kms") === true || answer.SSECustomerAlgorithm !== undefined)
    return undefined;
  return /^[0-9a-f]{32}$/.exec(bareEtag(answer.ETag))?.[0];
}

function saidDigest(metadata: Readonly<Record<string, string>> | undefined): { readonly sha256?: string } {
  const said = metadata?.[DIGEST_NAME] ?? "";
  return /^[0-9a-f]{64}$/.test(said) ? { sha256: said } : {};
}

function abortable(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
