import { createHmac, createSecretKey, hash, type KeyObject } from "node:crypto";

/** Who signs. */
export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What is signed; header names in lower case, path and query encoded, the query in the order of its names. */
export interface UnsignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** With `host`; `x-amz-content-sha256` is the digest of the body. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Headers that a proxy may change on the way. */
const UNSIGNED: ReadonlySet<string> = new Set(["cache-control", "user-agent", "content-length"]);

/**
 * Signs requests to S3, or to another service that signs alike, in one region: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html.
 * Returns a function that gives the headers to send, signature included, for `at` in milliseconds since 1970.
 */
export function s3Signer(
  region: string,
  service: string = "s3",
): (request: UnsignedRequest, keys: SigningKeys, at: number) => Record<string, string> {
  let signing: { readonly scope: string; readonly secret: string; readonly key: KeyObject } | undefined;
  const keyOf = (scope: string, secret: string): KeyObject => {
    if (signing?.scope !== scope || signing.secret !== secret) signing = { scope, secret, key: derive(scope, secret) };
    return signing.key;
  };
  return (request, { accessKeyId, secretAccessKey, sessionToken }, at) => {
    const time = `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
    const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
    const headers: Record<string, string> = { ...request.headers, "x-amz-date": time };
    if (sessionToken !== undefined) headers["x-amz-security-token"] = sessionToken;
    const { names, canonical } = canonicalRequest({ ...request, headers });
    const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash("sha256", canonical)}`;
    const signature = createHmac("sha256", keyOf(scope, secretAccessKey)).update(text).digest("hex");
    const credential = `Credential=${accessKeyId}/${scope}`;
    headers["authorization"] = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`;
    return headers;
  };
}

function canonicalRequest({ method, path, query, headers }: UnsignedRequest): {
  readonly names: string;
  readonly canonical: string;
} {
  const signed = Object.keys(headers)
    .filter((name) => !UNSIGNED.has(name))
    .toSorted();
  const names = signed.join(";");
  let lines = "";
  for (const name of signed) lines += `${name}:${(headers[name] ?? "").trim().replaceAll(/\s+/g, " ")}\n`;
  const digest = headers["x-amz-content-sha256"] ?? "";
  return { names, canonical: `${method}\n${path}\n${query}\n${lines}\n${names}\n${digest}` };
}

/** As a key and not as bytes, which each use would have to look at and to make a key of. */
function derive(scope: string, secret: string): KeyObject {
  let key = Buffer.from(`AWS4${secret}`);
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  return createSecretKey(key);
}
