import { refuseEndpoint } from "../../aws/refuse-endpoint.ts";

/** Where an election's object is. */
export interface S3Address {
  readonly bucket: string;
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
  /** Scheme, host and port of the server. */
  readonly endpoint: string;
  readonly region: string;
  /** The bucket stands in the path instead of the host's name. */
  readonly pathStyle: boolean;
}

/** Scheme of an election's address in S3. */
export const S3_SCHEME = "s3:";

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Words that may stand in the query. */
export const S3_WORDS: readonly string[] = ["endpoint", "region", "path-style"];

/**
 * Reads `s3://BUCKET/PREFIX?endpoint=…&region=…&path-style=true`, whose form was checked. What is left out is taken from
 * `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, `AWS_REGION` and `AWS_DEFAULT_REGION`. A server of one's own is asked by path.
 */
export function readS3Address(url: string, env: Readonly<NodeJS.ProcessEnv>): S3Address {
  const { hostname, pathname, searchParams } = new URL(url);
  const region = first(searchParams.get("region"), env["AWS_REGION"], env["AWS_DEFAULT_REGION"]) ?? "us-east-1";
  const [, own] = ownEndpoint(searchParams, env);
  const pathStyle = first(searchParams.get("path-style")) ?? String(own !== undefined || hostname.includes("."));
  return {
    bucket: hostname,
    prefix: decodeURIComponent(pathname).replace(/^\/+|\/+$/g, ""),
    endpoint: new URL(own ?? `https://s3.${region}.amazonaws.com`).origin,
    region,
    pathStyle: pathStyle === "true",
  };
}

/** The server that is asked in AWS' place, if one is, and what names it. */
function ownEndpoint(
  words: URLSearchParams,
  env: Readonly<NodeJS.ProcessEnv>,
): readonly [by: string, address: string | undefined] {
  const variables = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"].map((name) => [name, first(env[name])] as const);
  const stated = [["endpoint", first(words.get("endpoint"))] as const, ...variables];
  return stated.find(([, address]) => address !== undefined) ?? ["", undefined];
}

/** Why a URL that can be parsed, with what the environment adds to it, is not an election's place in S3. */
export function refuseS3Address(url: string, env: Readonly<NodeJS.ProcessEnv> = process.env): string | undefined {
  const { hostname, searchParams, username } = new URL(url);
  if (username !== "") return "s3:// takes no user; credentials come from AWS_ACCESS_KEY_ID or the task's role";
  if (!BUCKET.test(hostname)) return "s3:// needs the name of a bucket, s3://bucket/prefix";
  const unknown = [...searchParams.keys()].find((key) => !S3_WORDS.includes(key));
  if (unknown !== undefined)
    return `there is no ${JSON.stringify(unknown)} for s3://; expected one of ${S3_WORDS.join(", ")}`;
  const [by, endpoint] = ownEndpoint(searchParams, env);
  const problem = endpoint === undefined ? undefined : refuseEndpoint(endpoint);
  if (problem !== undefined) return `${by} ${problem}`;
  return ["true", "false", null].includes(searchParams.get("path-style"))
    ? undefined
    : "path-style is neither true nor false";
}

/** Bucket and prefix, and the server where it is not AWS. */
export function s3AddressName(url: string, env: Readonly<NodeJS.ProcessEnv>): string {
  const { bucket, prefix, endpoint } = readS3Address(url, env);
  const where = endpoint.endsWith(".amazonaws.com") ? "" : ` at ${endpoint}`;
  return `s3://${bucket}${prefix === "" ? "" : `/${prefix}`}${where}`;
}

function first(...values: readonly (string | null | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== null && value !== "") ?? undefined;
}
