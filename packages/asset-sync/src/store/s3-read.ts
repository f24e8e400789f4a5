import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

import { HEADER_NAMES } from "../scan/headers.ts";
import { bareEtag, objectEtag } from "./etag.ts";
import { OversizeError } from "./oversize.ts";
import { DIGEST_NAME } from "./put-headers.ts";
import type { S3Wire } from "./s3-wire.ts";
import { wholeBody } from "./whole-body.ts";
import type { StoredHead, StoredHeaders, StoredObject } from "./store.ts";

/** An object with its bytes, read to the end: a body that is cut or falls silent is a failed attempt. */
export async function readObject(
  wire: S3Wire,
  key: string,
  signal: AbortSignal | undefined,
  atMost: number = Number.POSITIVE_INFINITY,
): Promise<{ readonly object: StoredObject; readonly requestId: string | undefined }> {
  const answer = await wire.read({ method: "GET", key }, signal);
  const { headers } = answer;
  const version = versionOf(answer);
  const size = sizeOf(headers);
  if (size > atMost) {
    answer.destroy();
    throw new OversizeError(size, atMost);
  }
  const body = await wholeBody(answer, atMost);
  const requestId = headers["x-amz-request-id"];
  return {
    object: { body, version, headers: storedHeaders(headers) },
    requestId: requestId === undefined ? undefined : String(requestId),
  };
}

/** SHA-256 of an object's bytes, of which only a piece is held at a time. */
export async function readDigest(wire: S3Wire, key: string, signal: AbortSignal | undefined): Promise<string> {
  const answer: AsyncIterable<Buffer> & IncomingMessage = await wire.read({ method: "GET", key }, signal);
  const hash = createHash("sha256");
  for await (const chunk of answer) hash.update(chunk);
  return hash.digest("hex");
}

/** An object without its bytes. */
export async function readHead(wire: S3Wire, key: string, signal: AbortSignal | undefined): Promise<StoredHead> {
  const answer = await wire.read({ method: "HEAD", key }, signal);
  answer.resume();
  const { headers } = answer;
  const md5 = etagMd5(headers);
  return {
    size: sizeOf(headers),
    version: versionOf(answer),
    headers: storedHeaders(headers),
    ...(md5 === undefined ? {} : { digest: { algorithm: "md5", hex: md5 } }),
    ...saidDigest(headers),
    ...userMetadata(headers),
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups */
const EVERYONE = /\/groups\/global\/(?:AllUsers|AuthenticatedUsers)</;

/** Whether an object's ACL lets everyone read it. */
export async function readsPublic(wire: S3Wire, key: string, signal: AbortSignal | undefined): Promise<boolean> {
  return EVERYONE.test((await wire.send({ method: "GET", key, query: { acl: "" } }, signal)).body);
}

/** @throws NotS3Error for what is no object of S3, and may have no end */
function versionOf(answer: IncomingMessage): string {
  try {
    return objectEtag(answer.headers);
  } catch (error) {
    answer.destroy();
    throw error;
  }
}

function sizeOf(headers: IncomingHttpHeaders): number {
  return Number(headers["content-length"] ?? 0);
}

function storedHeaders(headers: IncomingHttpHeaders): StoredHeaders {
  const said = HEADER_NAMES.filter((name) => headers[name] !== undefined);
  return Object.fromEntries(said.map((name) => [name, String(headers[name])]));
}

/** An ETag is the MD5 of the bytes unless the object came in parts or is encrypted with a key of KMS. */
function etagMd5(headers: IncomingHttpHeaders): string | undefined {
  const encryption = String(headers["x-amz-server-side-encryption"] ?? "");
  const ownKey = headers["x-amz-server-side-encryption-customer-algorithm"];
  if (encryption.startsWith("aws:kms") || ownKey !== undefined) return undefined;
  return /^[0-9a-f]{32}$/.exec(bareEtag(headers.etag))?.[0];
}

function userMetadata(headers: IncomingHttpHeaders): { readonly metadata?: StoredHeaders } {
  const said = Object.entries(headers).filter(
    ([name]) => name.startsWith("x-amz-meta-") && name !== `x-amz-meta-${DIGEST_NAME}`,
  );
  if (said.length === 0) return {};
  return { metadata: Object.fromEntries(said.map(([name, value]) => [name, String(value)])) };
}

function saidDigest(headers: IncomingHttpHeaders): { readonly sha256?: string } {
  const said = String(headers[`x-amz-meta-${DIGEST_NAME}`] ?? "");
  return /^[0-9a-f]{64}$/.test(said) ? { sha256: said } : {};
}
