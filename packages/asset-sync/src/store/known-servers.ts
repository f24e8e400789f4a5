/** Request ids as Ceph's gateway makes them. */
const CEPH_REQUEST_ID = /^tx[0-9a-f]{21}-/;

/** Whether an endpoint, or none, is AWS. */
export function isAws(endpoint: string | undefined): boolean {
  return endpoint === undefined || /\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname);
}

/** Whether Ceph gave a request its id. */
export function isCephRequest(requestId: string | undefined): boolean {
  return CEPH_REQUEST_ID.test(requestId ?? "");
}

/** Whether an answer comes from a server that is known to keep to `If-Match` and `If-None-Match` on writes. */
export function keepsConditions(endpoint: string | undefined, headers: Readonly<Record<string, unknown>>): boolean {
  return isAws(endpoint) || headers["server"] === "AmazonS3" || isCephRequest(String(headers["x-amz-request-id"]));
}
