import { hash } from "node:crypto";

import type { Encryption } from "../config/object-options.ts";
import type { EtagForm } from "./etag.ts";
import { writeEtag } from "./etag.ts";
import { isAws } from "./known-servers.ts";
import type { PutCondition, PutRequest } from "./store.ts";

/** Which checksum an endpoint compares with the body before it stores it; `signed` is the one that each signature covers. */
export type ChecksumKind = "sha256" | "md5" | "signed";

/**
 * AWS keeps a SHA-256 with the object. Everything else that speaks S3 has known Content-MD5 from the first day, while
 * newer checksum headers are refused here and ignored there: https://github.com/aws/aws-sdk-js-v3/issues/6810
 *
 * @param isCeph whether the endpoint is known to be Ceph, which compares the signed digest: an MD5 would say the same again
 */
export function checksumKind(endpoint: string | undefined, isCeph: boolean = false): ChecksumKind {
  if (isAws(endpoint)) return "sha256";
  return isCeph ? "signed" : "md5";
}

/** The header that lets the endpoint verify a body. */
export function checksumHeader(
  kind: ChecksumKind,
  { body, sha256 }: Pick<PutRequest, "body" | "sha256">,
): Record<string, string> {
  if (kind === "signed") return {};
  if (kind === "sha256") return { "x-amz-checksum-sha256": Buffer.from(sha256, "hex").toString("base64") };
  return { "content-md5": hash("md5", body, "base64") };
}

/** Under `x-amz-meta-`: an entity tag is no digest of encrypted objects and of those that came in parts. */
export const DIGEST_NAME = "sha256";

/** Headers that say what an object is stored with. */
export function objectHeaders(
  { headers, attributes = {}, sha256 }: Pick<PutRequest, "headers" | "attributes" | "sha256">,
  encryption: Encryption | undefined,
): Record<string, string> {
  const { acl, storageClass, tags } = attributes;
  return {
    ...headers,
    [`x-amz-meta-${DIGEST_NAME}`]: sha256,
    ...(acl === undefined ? {} : { "x-amz-acl": acl }),
    ...(storageClass === undefined ? {} : { "x-amz-storage-class": storageClass }),
    ...(tags === undefined ? {} : { "x-amz-tagging": new URLSearchParams(tags).toString() }),
    ...(encryption === undefined ? {} : encryptionHeaders(encryption)),
  };
}

function encryptionHeaders({ algorithm, keyId }: Encryption): Record<string, string> {
  return {
    "x-amz-server-side-encryption": algorithm,
    ...(keyId === undefined ? {} : { "x-amz-server-side-encryption-aws-kms-key-id": keyId }),
  };
}

/** The header that makes a write conditional. */
export function conditionHeader(condition: PutCondition | undefined, form: EtagForm): Record<string, string> {
  if (condition === undefined) return {};
  return condition.kind === "absent" ? { "if-none-match": "*" } : { "if-match": writeEtag(condition.version, form) };
}
