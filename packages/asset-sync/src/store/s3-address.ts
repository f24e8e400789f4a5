import { isIP } from "node:net";

import { awsPartition } from "../config/aws-partition.ts";
import { AssetSyncError } from "../errors.ts";

/** What decides where a bucket's objects are. */
export interface BucketPlace {
  readonly bucket: string;
  readonly region: string;
  /** Of a server that is not AWS. */
  readonly endpoint?: string;
  readonly pathStyle?: boolean;
  readonly fips?: boolean;
  readonly dualStack?: boolean;
}

/** Where a bucket's objects are, and the region that requests to it are signed for. */
export interface BucketAddress {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number | undefined;
  /** As the Host header says it. */
  readonly host: string;
  /** In front of each key; ends in a slash. */
  readonly path: string;
  readonly region: string;
}

/** The region that stands for all of them; its requests are signed for the first one. */
const GLOBAL = "aws-global";

/**
 * The address of a bucket: in the host's name where a certificate covers it, else in the path. Pure.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 *
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID for an endpoint of its own with FIPS or dual-stack, which only AWS has
 */
export function bucketAddress(place: BucketPlace): BucketAddress {
  const { bucket, region, endpoint, pathStyle = false } = place;
  if (endpoint !== undefined) checkPlain(endpoint, place);
  const url = new URL(endpoint ?? `https://${awsHost(place)}`);
  const secure = url.protocol === "https:";
  const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const inHost = !pathStyle && isIP(hostname) === 0 && fitsHost(bucket, secure);
  const base = url.pathname.replace(/\/$/, "");
  return {
    secure,
    hostname: inHost ? `${bucket}.${hostname}` : hostname,
    port: url.port === "" ? undefined : Number(url.port),
    host: inHost ? `${bucket}.${url.host}` : url.host,
    path: inHost ? `${base}/` : `${base}/${bucket}/`,
    region: region === GLOBAL ? "us-east-1" : region,
  };
}

function awsHost({ region, fips = false, dualStack = false }: BucketPlace): string {
  const { domain } = awsPartition(region);
  const service = `s3${fips ? "-fips" : ""}${dualStack ? ".dualstack" : ""}`;
  return region === GLOBAL ? `${service}.${domain}` : `${service}.${region}.${domain}`;
}

/** A certificate's wildcard stands for one label, so that a name with dots fits only without TLS. */
function fitsHost(bucket: string, secure: boolean): boolean {
  const labels = secure ? [bucket] : bucket.split(".");
  return labels.every((label) => /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(label));
}

function checkPlain(endpoint: string, { fips = false, dualStack = false }: BucketPlace): void {
  if (!fips && !dualStack) return;
  const asked = fips ? "FIPS (AWS_USE_FIPS_ENDPOINT)" : "dual-stack (AWS_USE_DUALSTACK_ENDPOINT)";
  throw new AssetSyncError(
    "ASSET_SYNC_OPTION_INVALID",
    `Endpoint ${JSON.stringify(endpoint)}: the AWS configuration asks for ${asked}, which only endpoints of AWS itself have.`,
    { hint: "Leave either the endpoint or that setting out." },
  );
}

/** A key as it stands in a path: RFC 3986, slashes kept. */
export function encodeKey(key: string): string {
  return key.includes("/") ? key.split("/").map(encodeText).join("/") : encodeText(key);
}

/** A text as it stands in a query. */
export function encodeText(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text;
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.codePointAt(0)?.toString(16).toUpperCase()}`,
  );
}

/** What follows a path: names and values in the order of their names, encoded. */
export function encodeQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encodeText(name)}=${encodeText(value)}`)
    .toSorted()
    .join("&");
}
