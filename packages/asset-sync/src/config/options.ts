import { join, resolve } from "node:path";

import { AssetSyncError } from "../errors.ts";
import { cloudFront, type CloudFront } from "./cloudfront.ts";
import { contentOptions, type ContentFlags, type ContentOptions } from "./content-options.ts";
import type { AssetSyncConfig } from "./definition.ts";
import {
  booleanVariable,
  checkNotEmpty,
  checkVariableNames,
  variable,
  VARIABLES,
  type Environment,
} from "./environment.ts";
import { checkKeyPair } from "./key-pair.ts";
import { objectOptions, type ObjectFlags, type ObjectOptions } from "./object-options.ts";
import { releaseId } from "./release.ts";
import { checkLocation, parseTarget, type S3Location, type Target } from "./target.ts";

/** What a command line can say; left out means "not said". */
export interface Flags extends ContentFlags, ObjectFlags {
  /** What the configuration file says, as `loadConfig` gives it; whatever else is said wins over it. */
  readonly file?: AssetSyncConfig;
  readonly to?: string;
  readonly dir?: readonly string[];
  readonly release?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly pathStyle?: boolean;
  readonly receipt?: string;
  readonly cloudfront?: string;
  readonly dryRun?: boolean;
  readonly allowChanged?: boolean;
  readonly refresh?: boolean;
}

/** Everything a sync needs to know, complete and checked. */
export interface SyncOptions extends ContentOptions {
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
  /** Sends plain files and manifests again, and fingerprinted ones that are gone or other, whatever the ledger says. */
  readonly refresh: boolean;
  /** What objects get beside bytes and headers. */
  readonly objects: ObjectOptions;
  /** The distribution in front, which is to forget what changes. */
  readonly cloudfront?: CloudFront;
}

/** The name of the receipt inside the public folder unless told otherwise. */
export const RECEIPT_NAME = ".asset-receipt.json";

/**
 * Completes flags from the environment and a configuration file: a flag wins over its variable, that over the file.
 * Reads nothing but the commit that is checked out.
 *
 * @throws AssetSyncError with exit code 2 for anything that is wrong
 */
export function resolveOptions(
  publicDir: string | undefined,
  flags: Flags,
  environment: Environment,
  directory: string,
): SyncOptions {
  const { file = {} } = flags;
  if (publicDir === "") throw emptyPublicDir();
  checkNotEmpty({ release: flags.release, receipt: flags.receipt, dir: flags.dir?.find((name) => name === "") });
  const target = resolveTarget(flags, environment, directory);
  const root = resolve(directory, publicDir ?? file.publicDir ?? "public");
  const receipt = firstSaid(flags.receipt, environment, "receipt", file);
  const dirs = flags.dir ?? file.dirs ?? [];
  return {
    publicDir: root,
    ...(dirs.length === 0 ? {} : { dirs }),
    target,
    release: releaseId(firstSaid(flags.release, environment, "release", file), environment, directory),
    receipt: receipt === undefined ? join(root, RECEIPT_NAME) : resolve(directory, receipt),
    dryRun: flags.dryRun === true,
    allowChanged: flags.allowChanged === true,
    refresh: flags.refresh === true,
    ...contentOptions(flags, environment, file),
    objects: objectOptions(flags, file, target),
    ...cloudFrontOption(flags, environment, target),
  };
}

function emptyPublicDir(): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_OPTION_INVALID", "PUBLIC_DIR is empty: expected a folder.", {
    hint: "Most likely a variable is not set where it is given; leave it out to get its default.",
  });
}

/** The distribution that serves a target, if one is named. */
export function cloudFrontOption(
  flags: Flags,
  environment: Environment,
  target: Target,
): { readonly cloudfront?: CloudFront } {
  checkNotEmpty({ cloudfront: flags.cloudfront });
  const text = firstSaid(flags.cloudfront, environment, "cloudfront", flags.file ?? {});
  return text === undefined ? {} : { cloudfront: cloudFront(text, target) };
}

/**
 * The target of flags, environment and file, with the environment checked for what would silently lead elsewhere.
 *
 * @param directory that of `file://DIR`; the working folder when left out
 */
export function resolveTarget(flags: Flags, environment: Environment, directory?: string): Target {
  const { file = {} } = flags;
  checkVariableNames(environment);
  checkNotEmpty({ to: flags.to });
  const text = firstSaid(flags.to, environment, "to", file);
  const target = parseTarget(text, resolveLocation(flags, environment), directory);
  if (target.kind === "s3") checkKeyPair(environment);
  checkLocation(target, { ...file, ...ownLocation(flags, environment) });
  return target;
}

/** Where S3 is, from flags, then asset-sync's variables, the file, and last those of AWS. */
export function resolveLocation(flags: Flags, environment: Environment): S3Location {
  const { file = {} } = flags;
  const endpoint = file.endpoint ?? variable(environment, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
  const region = file.region ?? variable(environment, "AWS_REGION", "AWS_DEFAULT_REGION");
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...ownLocation({ ...flags, ...filePathStyle(flags, environment, file) }, environment),
  };
}

function filePathStyle(flags: Flags, environment: Environment, { pathStyle }: AssetSyncConfig): Flags {
  if (pathStyle === undefined || flags.pathStyle !== undefined) return {};
  return booleanVariable(environment, VARIABLES.pathStyle) === undefined ? { pathStyle } : {};
}

function firstSaid(
  flag: string | undefined,
  environment: Environment,
  name: "to" | "release" | "receipt" | "cloudfront",
  file: AssetSyncConfig,
): string | undefined {
  return flag ?? variable(environment, VARIABLES[name]) ?? file[name];
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
