import { isCephRequest } from "./known-servers.ts";

/** How an endpoint wants the entity tag of If-Match written. */
export type EtagForm = "quoted" | "bare";

/** An entity tag without the quotes it is sent in. */
export function bareEtag(etag: string | undefined): string {
  return (etag ?? "").replace(/^"(.*)"$/, "$1");
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
