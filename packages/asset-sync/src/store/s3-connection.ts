import { awsSetting, readAwsFiles, type AwsFiles } from "../config/aws-files.ts";
import { type Environment, variable } from "../config/environment.ts";
import type { Encryption } from "../config/object-options.ts";
import { showable } from "../config/showable.ts";
import type { S3Target } from "../config/target.ts";
import { AssetSyncError } from "../errors.ts";
import { PATIENCE, type S3Patience } from "./attempts.ts";
import { ConnectionPool } from "./http/connection-pool.ts";
import { nodeHttp } from "./node-http.ts";
import type { RequestCounter } from "./request-counter.ts";
import { bucketAddress, type BucketAddress, type BucketPlace } from "./s3-address.ts";
import { credentialSource, type CredentialSource } from "./s3-credentials.ts";
import { s3Signer } from "./s3-signature.ts";
import { S3Wire, type WireParts } from "./s3-wire.ts";
import { StoreClock } from "./store-clock.ts";

/** A wire to a target's bucket, and what its requests are signed with. */
export interface S3Connection {
  readonly wire: S3Wire;
  readonly address: BucketAddress;
  readonly region: string;
  readonly credentials: CredentialSource;
  readonly clock: StoreClock;
  /** Of the request that was signed last. */
  accessKeyId(): string | undefined;
  close(): void;
}

/** More than are ever read at once, so that no request waits for a connection. */
const MAX_SOCKETS = 256;

/** How a connection is made and used, beyond where the target is. */
export interface S3Settings {
  readonly patience?: Partial<S3Patience>;
  readonly encryption?: Encryption;
  /** Called with the headers of each answer. */
  readonly onAnswer?: (headers: Readonly<Record<string, unknown>>) => void;
  /** Called whenever the endpoint asks for less at a time, or falls silent. */
  readonly onThrottle?: () => void;
  /**
   * What to do about an endpoint that the AWS variables or configuration files name and the target does not. `refused`
   * (when left out): a sync could not say in its receipt where the assets went. `ignored`: the target is a receipt's,
   * which knows better.
   */
  readonly configuredEndpoint?: "refused" | "ignored";
}

/** One label of a host name. */
const REGION = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * Connects to where the target says S3 is, and never elsewhere; credentials come from the standard AWS chain.
 *
 * @throws AssetSyncError ASSET_SYNC_REGION_WRONG, ASSET_SYNC_OPTION_INVALID (configured endpoint)
 */
export function connect(
  target: S3Target,
  counter: RequestCounter,
  settings: S3Settings = {},
  environment: Environment = process.env,
): S3Connection {
  const files = readAwsFiles(environment);
  const region = regionOf(target, environment, files);
  if (target.endpoint === undefined && settings.configuredEndpoint !== "ignored") {
    refuseConfiguredEndpoint(configuredEndpoint(environment, files));
  }
  const address = bucketAddress(placeOf(target, region, environment, files));
  const patience = patienceOf(settings);
  const { Agent } = nodeHttp(address.secure);
  // With the silence of its requests, so that none of them has to set the timer of its connection anew.
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS, timeout: patience.silence });
  const pool = new ConnectionPool(address, patience);
  const credentials = credentialSource(environment, region);
  const clock = new StoreClock();
  const { sign, accessKeyId } = signing(address.region, credentials, clock);
  const wire = new S3Wire({
    address,
    agent,
    pool,
    counter,
    patience,
    sign,
    onAnswer: (answer) => {
      clock.note(answer.date);
      settings.onAnswer?.(answer);
    },
  });
  const close = (): void => {
    agent.destroy();
    pool.close();
  };
  return { wire, address, region, credentials, clock, accessKeyId, close };
}

/** Signs with what holds at the time, and remembers with which key. */
function signing(
  region: string,
  credentials: CredentialSource,
  clock: StoreClock,
): Pick<WireParts, "sign"> & Pick<S3Connection, "accessKeyId"> {
  const signed = s3Signer(region);
  let last: string | undefined;
  return {
    sign: async (request) => {
      const keys = await credentials.current();
      last = keys.accessKeyId;
      return signed(request, keys, clock.now());
    },
    accessKeyId: () => last,
  };
}

/** The given patience, and the usual one for what is left out. */
export function patienceOf(settings: S3Settings): S3Patience {
  return { ...PATIENCE, ...settings.patience };
}

function placeOf(target: S3Target, region: string, environment: Environment, files: AwsFiles): BucketPlace {
  const { bucket, endpoint, pathStyle = false } = target;
  return {
    bucket,
    region,
    pathStyle,
    ...(endpoint === undefined ? {} : { endpoint }),
    fips: isAsked("use_fips_endpoint", environment, files),
    dualStack: isAsked("use_dualstack_endpoint", environment, files),
  };
}

/** A setting that is a variable too, `true` or `false`: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html */
function isAsked(name: string, environment: Environment, files: AwsFiles): boolean {
  const value = variable(environment, `AWS_${name.toUpperCase()}`) ?? awsSetting(files, name) ?? "false";
  if (["true", "false"].includes(value.toLowerCase())) return value.toLowerCase() === "true";
  throw new AssetSyncError(
    "ASSET_SYNC_OPTION_INVALID",
    `AWS setting ${name} is ${JSON.stringify(value)}: expected true or false.`,
  );
}

function regionOf(target: S3Target, environment: Environment, files: AwsFiles): string {
  const said = target.region ?? (target.endpoint === undefined ? undefined : "us-east-1");
  const region = said ?? variable(environment, "AWS_REGION") ?? awsSetting(files, "region");
  if (region === undefined) {
    throw new AssetSyncError("ASSET_SYNC_REGION_WRONG", `No region is known for ${target.url} at AWS.`);
  }
  if (REGION.test(region)) return region;
  throw new AssetSyncError(
    "ASSET_SYNC_REGION_WRONG",
    `Region ${JSON.stringify(region)}: expected a name of letters, digits and hyphens, for example eu-west-1.`,
  );
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
function configuredEndpoint(environment: Environment, files: AwsFiles): string | undefined {
  return (
    variable(environment, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL") ??
    files.services.get("s3.endpoint_url") ??
    awsSetting(files, "endpoint_url")
  );
}

function refuseConfiguredEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  throw new AssetSyncError(
    "ASSET_SYNC_OPTION_INVALID",
    `The AWS configuration names the endpoint ${showable(endpoint)}, but asset-sync was given none.`,
    { hint: "Give it with --endpoint or ASSET_SYNC_ENDPOINT, so that the receipt names it too." },
  );
}
