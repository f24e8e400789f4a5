import { join, resolve } from "node:path";

import {
  booleanVariable,
  checkNotEmpty,
  checkVariableNames,
  variable,
  VARIABLES,
  type Environment,
} from "./environment.ts";
import { checkKeyPair } from "./key-pair.ts";
import { releaseId } from "./release.ts";
import { parseTarget, type S3Location, type Target } from "./target.ts";

/** What a command line can say; left out means "not said". */
export interface Flags {
  readonly to?: string;
  readonly dir?: readonly string[];
  readonly release?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly pathStyle?: boolean;
  readonly receipt?: string;
  readonly dryRun?: boolean;
  readonly allowChanged?: boolean;
  readonly refresh?: boolean;
}

/** Everything a sync needs to know, complete and checked. */
export interface SyncOptions {
  /** The folder whose content has the root of the keys, for Rails `public`. Absolute. */
  readonly publicDir: string;
  /** Folders below it to take; undefined means those that a Rails build makes. */
  readonly dirs?: readonly string[];
  readonly target: Target;
  readonly release: string;
  /** Where the receipt goes. Absolute. */
  readonly receipt: string;
  readonly dryRun: boolean;
  /** Lets a fingerprinted name get other bytes. */
  readonly allowChanged: boolean;
  /** Sends all plain files and manifests again, whatever the ledger says. */
  readonly refresh: boolean;
}

/** The name of the receipt inside the public folder unless told otherwise. */
export const RECEIPT_NAME = ".asset-receipt.json";

/**
 * Completes flags from the environment: a flag wins over its variable. Reads nothing but the commit that is checked out.
 *
 * @throws AssetSyncError with exit code 2 for anything that is wrong
 */
export function resolveOptions(
  publicDir: string | undefined,
  flags: Flags,
  environment: Environment,
  directory: string,
): SyncOptions {
  checkNotEmpty({ release: flags.release, receipt: flags.receipt, dir: flags.dir?.find((name) => name === "") });
  const target = resolveTarget(flags, environment);
  const root = resolve(directory, publicDir ?? "public");
  const receipt = flags.receipt ?? variable(environment, VARIABLES.receipt);
  return {
    publicDir: root,
    ...(flags.dir === undefined || flags.dir.length === 0 ? {} : { dirs: flags.dir }),
    target,
    release: releaseId(flags.release ?? variable(environment, VARIABLES.release), environment, directory),
    receipt: receipt === undefined ? join(root, RECEIPT_NAME) : resolve(directory, receipt),
    dryRun: flags.dryRun ?? false,
    allowChanged: flags.allowChanged ?? false,
    refresh: flags.refresh ?? false,
  };
}

/** The target of flags and environment, with the environment checked for what would silently lead elsewhere. */
export function resolveTarget(flags: Flags, environment: Environment): Target {
  checkVariableNames(environment);
  checkNotEmpty({ to: flags.to });
  const target = parseTarget(flags.to ?? variable(environment, VARIABLES.to), resolveLocation(flags, environment));
  if (target.kind === "s3") checkKeyPair(environment);
  return target;
}

/** Where S3 is, from flags, then asset-sync's variables, then those of AWS. */
export function resolveLocation(flags: Flags, environment: Environment): S3Location {
  const endpoint = variable(environment, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
  const region = variable(environment, "AWS_REGION", "AWS_DEFAULT_REGION");
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...ownLocation(flags, environment),
  };
}

/** The part of the location that is said to asset-sync alone, and not to whatever else runs in this environment. */
export function ownLocation(flags: Flags, environment: Environment): S3Location {
  checkNotEmpty({ endpoint: flags.endpoint, region: flags.region });
  const endpoint = flags.endpoint ?? variable(environment, VARIABLES.endpoint);
  const region = flags.region ?? variable(environment, VARIABLES.region);
  const pathStyle = flags.pathStyle ?? booleanVariable(environment, VARIABLES.pathStyle);
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(pathStyle === true ? { pathStyle } : {}),
  };
}
