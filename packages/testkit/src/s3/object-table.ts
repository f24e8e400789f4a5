import { createHash } from "node:crypto";

import type { S3Fault } from "./signature.ts";

/** An object as the double keeps it; headers are those that S3 gives back. */
export interface DoubleObject {
  readonly body: Buffer;
  /** Without quotes. */
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A canned ACL; private when left out. */
  readonly acl?: string;
}

const KEPT =
  /^(content-type|cache-control|content-encoding|content-disposition|content-language|expires|x-amz-meta-.+)$/;

/** How the tag of If-Match is compared: as RFC 9110 and AWS do, or with the bare tag only, as Ceph does. */
export type IfMatchForm = "any" | "bare";

/** The conditions of a put, as the headers say them; answers what is wrong, or undefined when they hold. */
export function conditionFault(
  headers: Readonly<Record<string, string>>,
  present: DoubleObject | undefined,
  form: IfMatchForm,
): S3Fault | undefined {
  const failed: S3Fault = { status: 412, code: "PreconditionFailed", message: "A condition did not hold." };
  if (headers["if-none-match"] === "*" && present !== undefined) return failed;
  const wanted = headers["if-match"];
  if (wanted === undefined) return undefined;
  if (present === undefined) return { status: 404, code: "NoSuchKey", message: "There is no such key." };
  const bare = form === "any" ? wanted.replace(/^"(.*)"$/, "$1") : wanted;
  return bare === "*" || bare === present.etag ? undefined : failed;
}

/** An object made of what a put sends. */
export function makeObject(body: Buffer, headers: Readonly<Record<string, string>>): DoubleObject {
  const acl = headers["x-amz-acl"];
  const kept = Object.entries(headers).filter(([name]) => KEPT.test(name));
  return {
    body,
    etag: createHash("md5").update(body).digest("hex"),
    headers: { "content-type": "binary/octet-stream", ...Object.fromEntries(kept) },
    ...(acl === undefined ? {} : { acl }),
  };
}
