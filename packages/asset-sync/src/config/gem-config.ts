import { checkConfig, invalid } from "./config-check.ts";
import { bucketNameFault } from "./bucket-name.ts";
import { cloudFrontFault } from "./cloudfront.ts";
import { RULE_HEADERS, type AssetSyncConfig } from "./definition.ts";
import { variable, type Environment } from "./environment.ts";
import { IGNORED, type GemValues } from "./gem-options.ts";
import { gemRules, ignoredPatterns, isNoName } from "./gem-patterns.ts";
import { said } from "./said.ts";
import { showable } from "./showable.ts";

/** What an asset_sync.yml says, in words of asset-sync. */
export interface GemConfig {
  readonly config: AssetSyncConfig;
  /** Options that do nothing here or something else, each with the reason, once. */
  readonly notes: readonly { readonly option: string; readonly note: string }[];
}

/**
 * Says in words of asset-sync what the gem's options mean. Pure.
 *
 * @param place names the file in errors
 * @throws AssetSyncError ASSET_SYNC_CONFIG_INVALID
 */
export function gemConfig(values: GemValues, environment: Environment, place: string): GemConfig {
  const { texts, flags, headers, names } = values;
  if (flags.enabled === false) return { config: { enabled: false }, notes: [] };
  checkProvider(texts.fog_provider, place);
  checkCredentials(values, environment, place);
  checkExisting(texts.existing_remote_files, place);
  const bucket = bucketOf(texts.fog_directory, place);
  const prefix = assetFolder(texts.prefix ?? "assets", place);
  const endpoint = endpointOf(values, place);
  const compress = encodingOf(values, place);
  const config: AssetSyncConfig = {
    to: `s3://${bucket}`,
    dirs: [prefix],
    ...said({ publicDir: texts.public_path, endpoint, ignore: ignoredPatterns(names.ignored_files, place) }),
    ...regionOf(texts.fog_region, endpoint, environment),
    ...(flags.fog_path_style === true ? { pathStyle: true } : {}),
    ...aclOf(values),
    ...(flags.aws_reduced_redundancy === true ? { storageClass: "REDUCED_REDUNDANCY" } : {}),
    ...(compress === undefined ? {} : { compress: [compress] }),
    ...distributionOf(values, place),
    ...gemRules(headers, names.cache_asset_regexps ?? [], { prefix, place }),
  };
  return { config: checkConfig(config, place), notes: notesOf(values) };
}

function bucketOf(name: string | undefined, place: string): string {
  if (name === undefined) throw invalid(place, "fog_directory is missing: expected the name of the bucket");
  const fault = bucketNameFault(name);
  if (fault === undefined) return name;
  throw invalid(
    place,
    `fog_directory is ${showable(name.slice(0, 80))}, expected the name of a bucket alone, without scheme and folder: S3 expects ${fault}`,
  );
}

function checkProvider(provider: string | undefined, place: string): void {
  if (provider === undefined) throw invalid(place, "fog_provider is missing: expected AWS");
  if (/aws/i.test(provider)) return;
  throw invalid(
    place,
    `fog_provider is ${JSON.stringify(provider.slice(0, 40))}, expected AWS: other stores are reached by their S3 endpoint (fog_host)`,
  );
}

function checkExisting(existing: string = "keep", place: string): void {
  if (["keep", "delete", "ignore"].includes(existing)) return;
  const word = JSON.stringify(existing.slice(0, 40));
  throw invalid(place, `existing_remote_files is ${word}, expected keep, delete or ignore`);
}

/** The gem would use these keys; whoever does not would quietly act as somebody else. */
function checkCredentials({ texts }: GemValues, environment: Environment, place: string): void {
  const pairs = [
    ["aws_access_key_id", "AWS_ACCESS_KEY_ID"],
    ["aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"],
    ["aws_session_token", "AWS_SESSION_TOKEN"],
  ] as const;
  for (const [name, twin] of pairs) {
    const value = texts[name];
    if (value === undefined || value === environment[twin]) continue;
    throw invalid(
      place,
      `${name} is not what the variable ${twin} holds: credentials come from the AWS chain, so set ${twin} to it and take it out of the file`,
    );
  }
}

/** `/assets/`, `assets/` and `assets` all mean the folder below public, and never `assets-old`. */
function assetFolder(prefix: string, place: string): string {
  const folder = prefix.trim().replace(/^\/+|\/+$/g, "");
  const parts = folder.split("/");
  if (parts.every((part) => part !== "" && part !== "." && part !== "..")) return folder;
  throw invalid(
    place,
    `prefix is ${JSON.stringify(prefix.slice(0, 80))}, expected a folder below public, for example assets`,
  );
}

/** Where nothing says a region, the gem's store takes this one. */
function regionOf(
  region: string | undefined,
  endpoint: string | undefined,
  environment: Environment,
): { readonly region?: string } {
  if (region !== undefined) return { region };
  const isKnown = variable(environment, "AWS_REGION", "AWS_DEFAULT_REGION") !== undefined;
  return isKnown || endpoint !== undefined ? {} : { region: "us-east-1" };
}

function endpointOf({ texts }: GemValues, place: string): string | undefined {
  const { fog_host: host, fog_port: port, fog_scheme: scheme = "https" } = texts;
  if (host === undefined) {
    if (port === undefined && texts.fog_scheme === undefined) return undefined;
    throw invalid(place, "fog_port or fog_scheme is given without fog_host");
  }
  if (!/^https?$/.test(scheme))
    throw invalid(place, `fog_scheme is ${JSON.stringify(scheme.slice(0, 40))}, expected http or https`);
  if (!/^[\w.-]+$/.test(host))
    throw invalid(place, "fog_host is expected to be the name of a host, without scheme, port and path");
  // AWS itself is no other endpoint.
  if (/^s3[.-]([a-z0-9-]+\.)?amazonaws\.com$/.test(host) && port === undefined) return undefined;
  return `${scheme}://${host}${port === undefined ? "" : `:${port}`}`;
}

function encodingOf({ texts, flags }: GemValues, place: string): "gzip" | "br" | undefined {
  const { compression } = texts;
  if (compression === "gz" || compression === "br") return compression === "gz" ? "gzip" : "br";
  if (compression !== undefined)
    throw invalid(place, `compression is ${JSON.stringify(compression.slice(0, 40))}, expected gz or br`);
  return flags.gzip_compression === true ? "gzip" : undefined;
}

function aclOf({ texts, isPublic }: GemValues): { readonly acl?: string } {
  if (texts.aws_acl !== undefined) return { acl: texts.aws_acl };
  return isPublic === "default" ? {} : { acl: isPublic ? "public-read" : "private" };
}

/** The gem needs both to invalidate anything. */
function distributionOf({ texts, names }: GemValues, place: string): { readonly cloudfront?: string } {
  const { cdn_distribution_id: cloudfront } = texts;
  if (cloudfront === undefined || names.invalidate === undefined) return {};
  const fault = cloudFrontFault(cloudfront);
  if (fault === undefined) return { cloudfront };
  throw invalid(place, `cdn_distribution_id is ${JSON.stringify(cloudfront.slice(0, 80))}: ${fault}`);
}

function notesOf({ ignored, headers, texts, flags, names }: GemValues): GemConfig["notes"] {
  const notes = ignored.map((option) => ({ option, note: IGNORED[option] ?? "" }));
  for (const name of new Set((names.ignored_files ?? []).filter(isNoName))) {
    const note = "a text with a slash is the name of no file, as with the gem: a regular expression is !ruby/regexp";
    notes.push({ option: `ignored_files, ${JSON.stringify(name)}`, note });
  }
  const others = [...headers.values()]
    .flatMap((row) => Object.keys(row))
    .filter((name) => !RULE_HEADERS.some((one) => one === name));
  for (const name of new Set(others)) {
    notes.push({ option: `custom_headers, ${name}`, note: `only ${RULE_HEADERS.join(", ")} can be set` });
  }
  const { existing_remote_files: existing } = texts;
  if (existing === "delete")
    notes.push({ option: "existing_remote_files: delete", note: "a sync never deletes; `asset-sync collect` does" });
  if (existing === "ignore")
    notes.push({
      option: "existing_remote_files: ignore",
      note: "bytes are compared, so what has changed is always sent",
    });
  if (texts.compression !== undefined || flags.gzip_compression === true) {
    notes.push({ option: "compression", note: "packed files lie beside the plain ones, and never in their place" });
  }
  const { cdn_distribution_id: distribution } = texts;
  if (names.invalidate !== undefined) {
    const note =
      distribution === undefined
        ? "nothing is invalidated without cdn_distribution_id"
        : "the plain files that a sync has changed are invalidated, in place of a list";
    notes.push({ option: "invalidate", note });
  } else if (distribution !== undefined) {
    notes.push({
      option: "cdn_distribution_id",
      note: "the gem invalidates nothing without `invalidate`; set cloudfront to have it done",
    });
  }
  return notes;
}
