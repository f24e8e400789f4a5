import aws4 from "aws4";

import type { HttpRequest } from "./http-request.ts";

/** What AWS knows a caller by. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Where and when a signature holds. */
export interface SigningScope {
  readonly service: string;
  readonly region: string;
  readonly now: Date;
}

/** The request with AWS' signature, version 4. A path that is percent-encoded stays as it is, as S3 wants it. */
export function signRequest(
  request: HttpRequest,
  { sessionToken = "", ...keys }: AwsCredentials,
  { service, region, now }: SigningScope,
): HttpRequest {
  const { method, url, body, headers: given } = request;
  const path = `${url.pathname}${url.search}`;
  const dated = { ...given, Date: now.toUTCString() };
  const { headers = {} } = aws4.sign(
    { service, region, method, host: url.host, path, headers: dated, body },
    { ...keys, sessionToken },
  );
  return {
    ...request,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  };
}
