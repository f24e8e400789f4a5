import { createHash, createHmac, timingSafeEqual } from "node:crypto";

import type { LoggedRequest } from "./request-log.ts";

/** A key pair the double knows. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of credentials that last a while only: each request must hold it. */
  readonly sessionToken?: string;
}

/** What a server knows when it looks at a signature. */
export interface SignatureKnowledge {
  readonly known: ReadonlyMap<string, S3Credentials>;
  readonly expired: ReadonlySet<string>;
  /** Its clock, in milliseconds since 1970. */
  readonly now: () => number;
  /** Whose server it is, as signatures name it; S3 unless given. */
  readonly service?: string;
}

/** An S3 error answer. */
export interface S3Fault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

const MAX_SKEW_MS = 15 * 60 * 1000;

/**
 * Checks signature version 4 in the Authorization header, the clock and the body's digest, as S3 and other services do:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 *
 * @returns what is wrong, or undefined
 */
export function signatureFault(
  request: Pick<LoggedRequest, "method" | "headers">,
  url: string,
  body: Buffer,
  { known, expired, now, service }: SignatureKnowledge,
): S3Fault | undefined {
  const authorization = authorizationFor(service, request.headers);
  if (authorization === undefined) return { status: 403, code: "AccessDenied", message: "The request is not signed." };
  const credentials = known.get(authorization[1] ?? "");
  if (credentials === undefined) {
    return { status: 403, code: "InvalidAccessKeyId", message: "The access key id is not known." };
  }
  if (isExpired(credentials, expired, request.headers)) {
    return { status: 400, code: "ExpiredToken", message: "The provided token has expired." };
  }
  const clockFault = dateFault(request.headers["x-amz-date"] ?? "", now());
  if (clockFault !== undefined) return clockFault;
  const unsigned = unsignedHeaders(request.headers, (authorization[5] ?? "").split(";"));
  if (unsigned.length > 0) {
    return { status: 403, code: "AccessDenied", message: `These headers are not signed: ${unsigned.join(", ")}.` };
  }
  if (!signatureMatches(request, url, authorization, credentials)) {
    return { status: 403, code: "SignatureDoesNotMatch", message: "The signature does not match." };
  }
  return bodyFault(request.headers["x-amz-content-sha256"] ?? "", body);
}

function authorizationFor(service: string = "s3", headers: LoggedRequest["headers"]): RegExpExecArray | undefined {
  const found = FORM.exec(headers["authorization"] ?? "");
  return found?.[4] === service ? found : undefined;
}

function isExpired(
  { accessKeyId, sessionToken }: S3Credentials,
  expired: ReadonlySet<string>,
  headers: LoggedRequest["headers"],
): boolean {
  return expired.has(accessKeyId) || headers["x-amz-security-token"] !== sessionToken;
}

function dateFault(date: string, now: number): S3Fault | undefined {
  const skew = Math.abs(parseDate(date) - now);
  if (Number.isNaN(skew)) return { status: 403, code: "AccessDenied", message: "x-amz-date is no date." };
  if (skew <= MAX_SKEW_MS) return undefined;
  return { status: 403, code: "RequestTimeTooSkewed", message: "The clocks differ too much." };
}

/** Headers that could be changed on the way although S3 wants them signed. */
function unsignedHeaders(headers: LoggedRequest["headers"], signed: readonly string[]): readonly string[] {
  const wanted = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  return wanted.filter((name) => !signed.includes(name));
}

function signatureMatches(
  request: Pick<LoggedRequest, "method" | "headers">,
  url: string,
  authorization: RegExpExecArray,
  known: S3Credentials,
): boolean {
  const [, , day = "", region = "", service = "", signedHeaders = "", signature = ""] = authorization;
  const digest = request.headers["x-amz-content-sha256"] ?? "";
  const canonical = canonicalRequest({ ...request, url, signedHeaders: signedHeaders.split(";"), digest });
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const expected = hmac(signingKey(known.secretAccessKey, [day, region, service]), toSign);
  return timingSafeEqual(expected, Buffer.from(signature, "hex"));
}

function bodyFault(digest: string, body: Buffer): S3Fault | undefined {
  if (digest.startsWith("STREAMING-")) {
    return { status: 501, code: "NotImplemented", message: "aws-chunked bodies are not taken." };
  }
  if (digest === "UNSIGNED-PAYLOAD" || digest === sha256(body)) return undefined;
  return { status: 400, code: "XAmzContentSHA256Mismatch", message: "The body is not the one that was signed." };
}

interface CanonicalParts extends Pick<LoggedRequest, "method" | "headers"> {
  readonly url: string;
  readonly signedHeaders: readonly string[];
  readonly digest: string;
}

function canonicalRequest({ method, headers, url, signedHeaders, digest }: CanonicalParts): string {
  const [path = "/", query = ""] = url.split("?");
  const pairs = query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => (pair.includes("=") ? pair : `${pair}=`))
    .toSorted();
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? "").trim().replaceAll(/ +/g, " ")}\n`);
  return [method, path, pairs.join("&"), lines.join(""), signedHeaders.join(";"), digest].join("\n");
}

function signingKey(secret: string, scope: readonly string[]): Buffer {
  return [...scope, "aws4_request"].reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function parseDate(date: string): number {
  const form = /^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/;
  return form.test(date) ? Date.parse(date.replace(form, "$1-$2-$3:$4:$5")) : Number.NaN;
}
