import { createHash, type Hash } from "node:crypto";

import { sha256 } from "../scan/digest.ts";
import { endWith } from "./ended-requests.ts";
import { bareEtag } from "./etag.ts";
import { element, readFailure } from "./failed-request.ts";
import { otherBytes } from "./other-bytes.ts";
import type { WireAnswer, WireRequest } from "./s3-wire.ts";
import type { LargePutRequest, StoredHead } from "./store.ts";

/** S3 takes parts of 5 MiB to 5 GiB, and 10,000 of them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const PART = 5 * 1024 * 1024;
const MOST_PARTS = 10_000;

/** Parts that travel at once, each with a buffer of its own. */
const PARTS_IN_FLIGHT = 3;

const ABORT_DEADLINE_MS = 10_000;

/** How long an upload that has been asked for may take to begin once the run is interrupted. */
const BEGIN_DEADLINE_MS = 2_000;

/** Bytes of one part of an object: all parts but the last are as long. */
export function partSize(size: number): number {
  return Math.max(PART, Math.ceil(size / MOST_PARTS));
}

/** Bytes that an upload in parts holds in memory. */
export function heldByParts(size: number): number {
  return Math.min(size, PARTS_IN_FLIGHT * partSize(size));
}

/** Makes a request as often as it takes. */
export type Send = (request: WireRequest, signal: AbortSignal | undefined) => Promise<WireAnswer>;

/** One object on its way in parts. */
export interface MultipartUpload {
  readonly send: Send;
  /** What is stored under the key now. */
  readonly stored: () => Promise<StoredHead | undefined>;
  readonly request: LargePutRequest;
  readonly createHeaders: Readonly<Record<string, string>>;
  readonly completeHeaders: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Sends an object in parts and says which entity tag it got; undefined when the condition does not hold. Whatever goes
 * wrong before the end, the parts are removed again. Only a process that is killed leaves some behind, and a lost answer to
 * the first request, or one long after an interruption: nobody knows the id of what it began.
 */
export async function uploadInParts(upload: MultipartUpload): Promise<string | undefined> {
  // Nobody wants to send a large file only to hear at its end that it was there.
  if (!(await conditionHolds(upload))) return undefined;
  const uploadId = await begin(upload);
  try {
    upload.signal?.throwIfAborted();
    const digests = await sendParts(upload, uploadId);
    if (await conditionHolds(upload)) return await complete(upload, uploadId, digests);
  } catch (error) {
    await abandon(upload, uploadId);
    throw error;
  }
  await abandon(upload, uploadId);
  return undefined;
}

/** Says the id of the upload. An interruption lets this request end: without the id nothing could be removed. */
async function begin({ send, request: { key }, createHeaders, signal }: MultipartUpload): Promise<string> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  let deadline: NodeJS.Timeout | undefined;
  const endLater = (reason: Error): void => {
    deadline = setTimeout(() => stop.abort(reason), BEGIN_DEADLINE_MS);
  };
  const forget = signal === undefined ? undefined : endWith(signal, endLater);
  try {
    const { body } = await send({ method: "POST", key, query: { uploads: "" }, headers: createHeaders }, stop.signal);
    return element(body, "UploadId") ?? "";
  } finally {
    forget?.();
    clearTimeout(deadline);
  }
}

/** Ceph ignores conditions when an upload is completed, so that a look before is all there is there. */
async function conditionHolds({ request: { condition }, stored }: MultipartUpload): Promise<boolean> {
  if (condition === undefined) return true;
  const version = (await stored())?.version;
  return condition.kind === "absent" ? version === undefined : version === condition.version;
}

/** Sends all parts and returns their MD5 digests, in order. */
async function sendParts(upload: MultipartUpload, uploadId: string): Promise<readonly Buffer[]> {
  const parts = new PartReader(upload.request);
  const stop = new AbortController();
  const signal = upload.signal === undefined ? stop.signal : AbortSignal.any([upload.signal, stop.signal]);
  const digests: Buffer[] = [];
  const work = async (): Promise<void> => {
    const buffer = Buffer.allocUnsafeSlow(partSize(upload.request.size));
    for (let part = await parts.next(buffer); part !== undefined; part = await parts.next(buffer)) {
      signal.throwIfAborted();
      digests[part.number - 1] = await sendPart(upload, uploadId, part, signal);
    }
  };
  const works = Array.from({ length: Math.min(PARTS_IN_FLIGHT, parts.count) }, () =>
    work().catch((error: unknown) => {
      stop.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(works);
  // The first failure is the cause of the others.
  stop.signal.throwIfAborted();
  parts.checkDigest();
  return digests;
}

async function sendPart(
  { send, request: { key } }: MultipartUpload,
  uploadId: string,
  { number, body }: Part,
  signal: AbortSignal,
): Promise<Buffer> {
  const md5 = createHash("md5").update(body).digest();
  const query = { partNumber: String(number), uploadId };
  const headers = { "content-md5": md5.toString("base64") };
  await send({ method: "PUT", key, query, headers, content: { body, sha256: sha256(body) } }, signal);
  return md5;
}

async function complete(
  { send, stored, request: { key }, completeHeaders, signal }: MultipartUpload,
  uploadId: string,
  digests: readonly Buffer[],
): Promise<string> {
  const parts = digests.map(
    (md5, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>"${md5.toString("hex")}"</ETag></Part>`,
  );
  const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
  const body = Buffer.from(`<CompleteMultipartUpload xmlns="${namespace}">${parts.join("")}</CompleteMultipartUpload>`);
  const headers = { ...completeHeaders, "content-type": "application/xml" };
  try {
    const words = {
      method: "POST",
      key,
      query: { uploadId },
      headers,
      content: { body, sha256: sha256(body) },
    } as const;
    return bareEtag(element((await send(words, signal)).body, "ETag"));
  } catch (error) {
    // The first attempt may have completed the upload although its answer was lost.
    const version = partsEtag(digests);
    if (readFailure(error).name === "NoSuchUpload" && (await stored())?.version === version) return version;
    throw error;
  }
}

/** The entity tag of an object that came in these parts, unless it is encrypted with a key of KMS. */
function partsEtag(digests: readonly Buffer[]): string {
  return `${createHash("md5").update(Buffer.concat(digests)).digest("hex")}-${digests.length}`;
}

/** In a time of its own: what stopped the upload must not stop this. */
async function abandon({ send, request: { key } }: MultipartUpload, uploadId: string): Promise<void> {
  const signal = AbortSignal.timeout(ABORT_DEADLINE_MS);
  await send({ method: "DELETE", key, query: { uploadId } }, signal).catch(() => undefined);
}

interface Part {
  readonly number: number;
  readonly body: Buffer;
}

/** Reads parts one after the other, whoever asks, and digests all bytes on the way. */
class PartReader {
  readonly count: number;
  readonly #request: LargePutRequest;
  readonly #hash: Hash = createHash("sha256");
  #number = 0;
  #taken = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(request: LargePutRequest) {
    this.#request = request;
    this.count = Math.ceil(request.size / partSize(request.size));
  }

  /** The next part, in `buffer`; undefined after the last one. */
  next(buffer: Buffer): Promise<Part | undefined> {
    const next = this.#turn.then(() => this.#read(buffer));
    this.#turn = next.catch(() => undefined);
    return next;
  }

  async #read(buffer: Buffer): Promise<Part | undefined> {
    if (this.#number === this.count) return undefined;
    let filled = 0;
    while (filled < buffer.length) {
      const took = await this.#request.read(buffer.subarray(filled), this.#taken + filled);
      if (took === 0) break;
      filled += took;
    }
    const body = buffer.subarray(0, filled);
    this.#hash.update(body);
    this.#taken += filled;
    this.#number += 1;
    if (this.#number === this.count && this.#taken !== this.#request.size) throw otherBytes(this.#request.key);
    return { number: this.#number, body };
  }

  checkDigest(): void {
    if (this.#hash.digest("hex") !== this.#request.sha256) throw otherBytes(this.#request.key);
  }
}
