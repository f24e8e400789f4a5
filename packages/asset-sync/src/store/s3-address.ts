import type { S3Client } from "@aws-sdk/client-s3";

/** Where a bucket's objects are, and how requests to it are signed. */
export interface BucketAddress {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number | undefined;
  /** As the Host header says it. */
  readonly host: string;
  /** In front of each key; ends in a slash. */
  readonly path: string;
  readonly signing: Parameters<S3Client["config"]["signer"]>[0];
}

/** Asks the SDK's own rules, so that regions, partitions, FIPS and dual-stack endpoints come out as they do there. */
export async function bucketAddress(client: S3Client, bucket: string): Promise<BucketAddress> {
  const { config } = client;
  const custom = await config.endpoint?.();
  const { url, properties } = config.endpointProvider({
    Bucket: bucket,
    Region: await config.region(),
    UseFIPS: await config.useFipsEndpoint(),
    UseDualStack: await config.useDualstackEndpoint(),
    ForcePathStyle: config.forcePathStyle,
    ...(custom === undefined ? {} : { Endpoint: endpointText(custom) }),
  });
  const [signing] = Object(properties?.["authSchemes"] ?? [{}]);
  const { protocol, hostname, host, port, pathname } = url;
  return {
    secure: protocol === "https:",
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? undefined : Number(port),
    host,
    path: pathname.endsWith("/") ? pathname : `${pathname}/`,
    signing: { name: "sigv4", ...Object(signing) },
  };
}

function endpointText(endpoint: {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
}): string {
  const port = endpoint.port === undefined ? "" : `:${endpoint.port}`;
  return `${endpoint.protocol}//${endpoint.hostname}${port}${endpoint.path}`;
}

/** A key as it stands in a path: RFC 3986, slashes kept. */
export function encodeKey(key: string): string {
  return key
    .split("/")
    .map((part) => encodeText(part))
    .join("/");
}

/** A text as it stands in a query. */
export function encodeText(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.codePointAt(0)?.toString(16).toUpperCase()}`,
  );
}
