import { createHash } from "node:crypto";
import { Readable } from "node:stream";

import type { GetObjectCommandOutput, HeadObjectCommandOutput } from "@aws-sdk/client-s3";

import { bareEtag } from "./etag.ts";
import { DIGEST_NAME } from "./put-headers.ts";
import { OversizeError } from "./oversize.ts";
import type { S3Connection } from "./s3-client.ts";
import type { StoredHead, StoredHeaders, StoredObject } from "./store.ts";

interface ObjectAddress {
  readonly Bucket: string;
  readonly Key: string;
}

/** An object with its bytes, read to the end: a body that is cut or falls silent is a failed attempt. */
export async function readObject(
  { sdk, client }: S3Connection,
  address: ObjectAddress,
  signal: AbortSignal | undefined,
  atMost: number = Number.POSITIVE_INFINITY,
): Promise<{ readonly object: StoredObject; readonly requestId: string | undefined }> {
  const answer = await client.send(new sdk.GetObjectCommand(address), abortable(signal));
  const size = answer.ContentLength ?? 0;
  if (size > atMost) {
    bodyOf(answer).destroy();
    throw new OversizeError(size, atMost);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of bodyOf(answer)) chunks.push(chunk);
  const object = { body: Buffer.concat(chunks), version: bareEtag(answer.ETag), headers: storedHeaders(answer) };
  return { object, requestId: answer.$metadata.requestId };
}

/** SHA-256 of an object's bytes, of which only a piece is held at a time. */
export async function readDigest(
  { sdk, client }: S3Connection,
  address: ObjectAddress,
  signal: AbortSignal | undefined,
): Promise<string> {
  const answer = await client.send(new sdk.GetObjectCommand(address), abortable(signal));
  const hash = createHash("sha256");
  for await (const chunk of bodyOf(answer)) hash.update(chunk);
  return hash.digest("hex");
}

/** An object without its bytes. */
export async function readHead(
  { sdk, client }: S3Connection,
  address: ObjectAddress,
  signal: AbortSignal | undefined,
): Promise<StoredHead> {
  const answer = await client.send(new sdk.HeadObjectCommand(address), abortable(signal));
  const md5 = etagMd5(answer);
  return {
    size: answer.ContentLength ?? 0,
    version: bareEtag(answer.ETag),
    headers: storedHeaders(answer),
    ...(md5 === undefined ? {} : { digest: { algorithm: "md5", hex: md5 } }),
    ...saidDigest(answer.Metadata),
  };
}

function bodyOf(answer: GetObjectCommandOutput): Readable {
  return answer.Body instanceof Readable ? answer.Body : Readable.from([]);
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
