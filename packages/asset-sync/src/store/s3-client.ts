import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";

import type * as ClientS3 from "@aws-sdk/client-s3";

import type { Encryption } from "../config/object-options.ts";
import type { S3Target } from "../config/target.ts";
import { AssetSyncError } from "../errors.ts";
import { PATIENCE, type S3Patience } from "./attempts.ts";
import type { RequestCounter, RequestKind } from "./request-counter.ts";
import { bucketAddress, type BucketAddress } from "./s3-address.ts";
import { S3Wire, type Sign } from "./s3-wire.ts";

/** The SDK is half a megabyte: it is loaded by the first request, not by the program's start. */
export type S3Sdk = typeof ClientS3;

/** The SDK with a client that is set up for a target, for credentials and for reading; a wire for writing. */
export interface S3Connection {
  readonly sdk: S3Sdk;
  readonly client: ClientS3.S3Client;
  readonly wire: S3Wire;
}

const KINDS: Readonly<Record<string, RequestKind>> = { GET: "get", PUT: "put", HEAD: "head", DELETE: "delete" };

/** As many as the widest window of uploads, so that no request waits for a connection. */
const MAX_SOCKETS = 256;

/** How a connection is made and used, beyond where the target is. */
export interface S3Settings {
  readonly patience?: Partial<S3Patience>;
  readonly encryption?: Encryption;
  /** Called with the headers of each answer to a read. */
  readonly onAnswer?: (headers: Readonly<Record<string, string>>) => void;
  /** Called whenever the endpoint asks for less at a time, or falls silent. */
  readonly onThrottle?: () => void;
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
  const patience = patienceOf(settings);
  const agents = {
    httpAgent: new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
    httpsAgent: new TlsAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
  };
  const client = new sdk.S3Client({
    ...(region === undefined ? {} : { region }),
    ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
    ignoreConfiguredEndpointUrls: true,
    forcePathStyle: target.pathStyle ?? false,
    // Stores other than AWS refuse the SDK's default CRC headers: https://github.com/aws/aws-sdk-js-v3/issues/6810.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    followRegionRedirects: false,
    // Reads and writes are repeated by the same rules, which are not the SDK's.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: patience.connecting, socketTimeout: patience.silence, ...agents },
  });
  if (target.endpoint === undefined && settings.configuredEndpoint !== "ignored") {
    refuseConfiguredEndpoint(await client.config.serviceConfiguredEndpoint?.());
  }
  watchRequests(client, counter, settings.onAnswer);
  const address = await bucketAddress(client, target.bucket);
  const agent = address.secure ? agents.httpsAgent : agents.httpAgent;
  const wire = new S3Wire({ address, agent, patience, sign: await signerOf(client, address) });
  return { sdk, client, wire };
}

/** The given patience, and the usual one for what is left out. */
export function patienceOf(settings: S3Settings): S3Patience {
  return { ...PATIENCE, ...settings.patience };
}

/** The SDK's signer with the credentials, and the clock, that the client has at the time. */
async function signerOf(client: ClientS3.S3Client, address: BucketAddress): Promise<Sign> {
  const { config } = client;
  const signer = await config.signer(address.signing);
  return async (request) => {
    const signingDate = new Date(Date.now() + config.systemClockOffset);
    return (await signer.sign(request, { signingDate })).headers;
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
function watchRequests(client: ClientS3.S3Client, counter: RequestCounter, onAnswer: S3Settings["onAnswer"]): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      counter.add(isListing(args.request) ? "list" : (KINDS[methodOf(args.request)] ?? "get"));
      const result = await next(args);
      onAnswer?.(headersOf(result.response));
      return result;
    },
    { step: "deserialize", priority: "low", name: "watchRequests" },
  );
}

function headersOf(response: unknown): Readonly<Record<string, string>> {
  const headers =
    typeof response === "object" && response !== null && "headers" in response ? response.headers : undefined;
  const entries = Object.entries(headers ?? {}).map(([name, value]): [string, string] => [name, String(value)]);
  return Object.fromEntries(entries);
}

function isListing(request: unknown): boolean {
  const query = typeof request === "object" && request !== null && "query" in request ? request.query : undefined;
  return typeof query === "object" && query !== null && "list-type" in query;
}

function methodOf(request: unknown): string {
  return typeof request === "object" && request !== null && "method" in request ? String(request.method) : "";
}
