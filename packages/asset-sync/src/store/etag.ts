import { NotS3Error } from "./failed-request.ts";
import { isCephRequest } from "./known-servers.ts";

/** How an endpoint wants the entity tag of If-Match written. */
export type EtagForm = "quoted" | "bare";

/** An entity tag without the quotes it is sent in. */
export function bareEtag(etag: string | undefined): string {
  return (etag ?? "").replace(/^"(.*)"$/, "$1");
}

/**
 * The bare entity tag of an object that was read: S3 has one for each, and without it no write can be conditional.
 *
 * @throws NotS3Error
 */
export function objectEtag(headers: Readonly<Record<string, unknown>>): string {
  const { etag, "content-type": type } = headers;
  if (typeof etag === "string" && etag !== "") return bareEtag(etag);
  const what = typeof type === "string" ? ` (${type})` : "";
  throw new NotS3Error(`the answer${what} has no entity tag, which S3 gives with each object`);
}

/**
 * RFC 9110 wants the tag in quotes and AWS takes it so; Ceph compares the header with the bare tag, so that a quoted one
 * never matches.
 */
export function likelyEtagForm(requestId: string | undefined): EtagForm {
  return isCephRequest(requestId) ? "bare" : "quoted";
}

/** A tag in the given form. */
export function writeEtag(etag: string, form: EtagForm): string {
  return form === "quoted" ? `"${etag}"` : etag;
}
