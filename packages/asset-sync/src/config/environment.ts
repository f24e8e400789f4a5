import { AssetSyncError } from "../errors.ts";
import { nearestSpelling } from "./spelling.ts";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that stand for flags. */
export const VARIABLES = {
  to: "ASSET_SYNC_TO",
  release: "ASSET_SYNC_RELEASE",
  endpoint: "ASSET_SYNC_ENDPOINT",
  region: "ASSET_SYNC_REGION",
  pathStyle: "ASSET_SYNC_PATH_STYLE",
  receipt: "ASSET_SYNC_RECEIPT",
  config: "ASSET_SYNC_CONFIG",
  compress: "ASSET_SYNC_COMPRESS",
  sourceMaps: "ASSET_SYNC_SOURCE_MAPS",
  strict: "ASSET_SYNC_STRICT",
  maxRequests: "ASSET_SYNC_MAX_REQUESTS",
  cloudfront: "ASSET_SYNC_CLOUDFRONT",
} as const;

const PREFIX = "ASSET_SYNC_";

/** Names that Ruby reads: those of the gem asset_sync, which may stand in the same environment while a team changes over. */
const RUBY_VARIABLES: ReadonlySet<string> = new Set([
  "ASSET_SYNC_ENABLED",
  "ASSET_SYNC_EXISTING_REMOTE_FILES",
  "ASSET_SYNC_COMPRESSION",
  "ASSET_SYNC_GZIP_COMPRESSION",
  "ASSET_SYNC_MANIFEST",
  "ASSET_SYNC_INCLUDE_MANIFEST",
  "ASSET_SYNC_PREFIX",
  "ASSET_SYNC_CONCURRENT_UPLOADS",
  "ASSET_SYNC_REMOTE_FILE_LIST_CACHE_FILE_PATH",
  "ASSET_SYNC_REMOTE_FILE_LIST_REMOTE_PATH",
  // The rake file that install-rails writes reads this one.
  "ASSET_SYNC_ON_PRECOMPILE",
]);

/** The value of a variable; an empty one counts as not set, as it does for the AWS tools. */
export function variable(environment: Environment, ...names: readonly string[]): string | undefined {
  return names.map((name) => environment[name]).find((value) => value !== undefined && value !== "");
}

/**
 * Refuses flags that are given and empty, as `--region "$REGION"` becomes where the variable is not set.
 *
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export function checkNotEmpty(flags: Readonly<Record<string, string | undefined>>): void {
  const empty = Object.keys(flags).find((name) => flags[name] === "");
  if (empty === undefined) return;
  throw new AssetSyncError("ASSET_SYNC_OPTION_INVALID", `--${empty} is empty: expected a value.`, {
    hint: `Most likely a variable is not set where --${empty} is given; leave the flag out to get its default.`,
  });
}

/** Reads `true`/`1` and `false`/`0`; anything else is an error, never a default. */
export function booleanVariable(environment: Environment, name: string): boolean | undefined {
  const value = variable(environment, name);
  if (value === undefined) return undefined;
  if (["true", "1"].includes(value)) return true;
  if (["false", "0"].includes(value)) return false;
  throw new AssetSyncError(
    "ASSET_SYNC_OPTION_INVALID",
    `${name}=${JSON.stringify(value)}: expected true, 1, false or 0.`,
  );
}

/** Refuses `ASSET_SYNC_…` names that nobody reads, so that a slip of the pen does not become a default. */
export function checkVariableNames(environment: Environment): void {
  const known: readonly string[] = Object.values(VARIABLES);
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(PREFIX) || known.includes(name) || RUBY_VARIABLES.has(name)) continue;
    const near = nearestSpelling(
      name.slice(PREFIX.length),
      known.map((one) => one.slice(PREFIX.length)),
    );
    throw new AssetSyncError(
      "ASSET_SYNC_OPTION_INVALID",
      `Environment variable ${name} is not known${near === undefined ? "" : `; did you mean ${PREFIX}${near}?`}`,
      { hint: `asset-sync reads ${known.join(", ")}.` },
    );
  }
}
