import type * as ClientS3 from "@aws-sdk/client-s3";

import type { S3Target } from "../config/target.ts";
import { AssetSyncError } from "../errors.ts";
import type { RequestCounter, RequestKind } from "./request-counter.ts";

/** The SDK is half a megabyte: it is loaded by the first request, not by the program's start. */
export type S3Sdk = typeof ClientS3;

/** The SDK with a client that is set up for a target. */
export interface S3Connection {
  readonly sdk: S3Sdk;
  readonly client: ClientS3.S3Client;
}

const KINDS: Readonly<Record<string, RequestKind>> = { GET: "get", PUT: "put", HEAD: "head", DELETE: "delete" };

const MAX_SOCKETS = 64;
const ATTEMPTS = 6;

/** How long to wait for S3, in milliseconds. A transfer may take as long as it likes while bytes move. */
export interface S3Patience {
  readonly connecting: number;
  /** No byte in either direction. */
  readonly silence: number;
}

/** What a sync waits for. */
export const PATIENCE: S3Patience = { connecting: 10_000, silence: 60_000 };

/** How a connection is made, beyond where the target is. */
export interface S3Settings {
  readonly patience?: S3Patience;
  /**
   * What to do about an endpoint that the AWS variables or configuration files name and the target does not. `refused`
   * (when left out): a sync could not say in its receipt where the assets went. `ignored`: the target is a receipt's,
   * which knows better.
   */
  readonly configuredEndpoint?: "refused" | "ignored";
}

/** As the SDK wants it: one label of a host name. */
const REGION = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * Connects to where the target says S3 is, and never elsewhere; credentials come from the standard AWS chain.
 *
 * @throws AssetSyncError ASSET_SYNC_REGION_WRONG, ASSET_SYNC_OPTION_INVALID (configured endpoint)
 */
export async function connect(
  target: S3Target,
  counter: RequestCounter,
  settings: S3Settings = {},
): Promise<S3Connection> {
  const region = target.region ?? (target.endpoint === undefined ? undefined : "us-east-1");
  if (region !== undefined) checkRegion(region);
  const sdk = await import("@aws-sdk/client-s3");
  const client = new sdk.S3Client({
    ...(region === undefined ? {} : { region }),
    ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
    ignoreConfiguredEndpointUrls: true,
    forcePathStyle: target.pathStyle ?? false,
    // Stores other than AWS refuse the SDK's default CRC headers or keep `aws-chunked` as the object's encoding:
    // https://github.com/aws/aws-sdk-js-v3/issues/6810. Each put is guarded by its signed SHA-256 instead.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    followRegionRedirects: false,
    maxAttempts: ATTEMPTS,
    retryMode: "standard",
    requestHandler: requestHandler(settings.patience ?? PATIENCE),
  });
  if (target.endpoint === undefined && settings.configuredEndpoint !== "ignored") {
    refuseConfiguredEndpoint(await client.config.serviceConfiguredEndpoint?.());
  }
  countRequests(client, counter);
  return { sdk, client };
}

function requestHandler(patience: S3Patience): NonNullable<ClientS3.S3ClientConfig["requestHandler"]> {
  return {
    connectionTimeout: patience.connecting,
    socketTimeout: patience.silence,
    httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
    httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
  };
}

function checkRegion(region: string): void {
  if (REGION.test(region)) return;
  throw new AssetSyncError(
    "ASSET_SYNC_REGION_WRONG",
    `Region ${JSON.stringify(region)}: expected a name of letters, digits and hyphens, for example eu-west-1.`,
  );
}

function refuseConfiguredEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  throw new AssetSyncError(
    "ASSET_SYNC_OPTION_INVALID",
    `The AWS configuration names the endpoint ${JSON.stringify(endpoint)}, but asset-sync was given none.`,
    { hint: "Give it with --endpoint or ASSET_SYNC_ENDPOINT, so that the receipt names it too." },
  );
}

/** Counts at the last step before the wire, which every retry passes again. */
function countRequests(client: ClientS3.S3Client, counter: RequestCounter): void {
  client.middlewareStack.add(
    (next) => (args) => {
      counter.add(isListing(args.request) ? "list" : (KINDS[methodOf(args.request)] ?? "get"));
      return next(args);
    },
    { step: "deserialize", priority: "low", name: "countRequests" },
  );
}

function isListing(request: unknown): boolean {
  const query = typeof request === "object" && request !== null && "query" in request ? request.query : undefined;
  return typeof query === "object" && query !== null && "list-type" in query;
}

function methodOf(request: unknown): string {
  return typeof request === "object" && request !== null && "method" in request ? String(request.method) : "";
}
