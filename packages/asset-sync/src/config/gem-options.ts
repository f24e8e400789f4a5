import type { RubyRegexp } from "./ruby-regexp.ts";

/** What a value of the gem's configuration may be; ERB makes texts of all, so texts are read as what they say. */
export type GemKind = "flag" | "text" | "number" | "names" | "headers" | "public";

/** An option of the gem asset_sync that means something here. */
export interface MappedOption {
  readonly kind: GemKind;
  /** Other keys that the gem reads for it; of several the last one in the list wins, as in the gem. */
  readonly also?: readonly string[];
  /** The variable that the gem's built-in initializer reads, where there is no file. */
  readonly variable?: string;
}

/** Their names. */
export type MappedName =
  | "enabled"
  | "fog_provider"
  | "fog_directory"
  | "fog_region"
  | "fog_host"
  | "fog_port"
  | "fog_scheme"
  | "fog_path_style"
  | "fog_public"
  | "aws_acl"
  | "aws_access_key_id"
  | "aws_secret_access_key"
  | "aws_session_token"
  | "aws_reduced_redundancy"
  | "existing_remote_files"
  | "gzip_compression"
  | "compression"
  | "prefix"
  | "public_path"
  | "ignored_files"
  | "custom_headers"
  | "cache_asset_regexps"
  | "cdn_distribution_id"
  | "invalidate";

/** The options of asset_sync 2.19 that are taken over: https://github.com/AssetSync/asset_sync/blob/master/lib/asset_sync/config.rb */
export const MAPPED: Readonly<Record<MappedName, MappedOption>> = {
  enabled: { kind: "flag", variable: "ASSET_SYNC_ENABLED" },
  fog_provider: { kind: "text", variable: "FOG_PROVIDER" },
  fog_directory: { kind: "text", also: ["aws_bucket", "bucket"], variable: "FOG_DIRECTORY" },
  fog_region: { kind: "text", also: ["aws_region", "region"], variable: "FOG_REGION" },
  fog_host: { kind: "text", variable: "FOG_HOST" },
  fog_port: { kind: "number", variable: "FOG_PORT" },
  fog_scheme: { kind: "text", variable: "FOG_SCHEMA" },
  fog_path_style: { kind: "flag", variable: "FOG_PATH_STYLE" },
  fog_public: { kind: "public" },
  aws_acl: { kind: "text", variable: "AWS_ACL" },
  aws_access_key_id: { kind: "text", also: ["aws_access_key", "access_key_id"] },
  aws_secret_access_key: { kind: "text", also: ["aws_access_secret", "secret_access_key"] },
  aws_session_token: { kind: "text" },
  aws_reduced_redundancy: { kind: "flag", variable: "AWS_REDUCED_REDUNDANCY" },
  existing_remote_files: { kind: "text", variable: "ASSET_SYNC_EXISTING_REMOTE_FILES" },
  gzip_compression: { kind: "flag", variable: "ASSET_SYNC_GZIP_COMPRESSION" },
  compression: { kind: "text", variable: "ASSET_SYNC_COMPRESSION" },
  prefix: { kind: "text", variable: "ASSET_SYNC_PREFIX" },
  public_path: { kind: "text" },
  ignored_files: { kind: "names" },
  custom_headers: { kind: "headers" },
  cache_asset_regexps: { kind: "names", also: ["cache_asset_regexp"] },
  cdn_distribution_id: { kind: "text" },
  invalidate: { kind: "names" },
};

/** Options that do nothing here, and why. */
export const IGNORED: Readonly<Record<string, string>> = {
  aws_iam_roles: "roles are asked for wherever no key pair is given",
  aws_signature_version: "requests are always signed with version 4",
  manifest: "the build tools' manifests are always read, and the folder too",
  include_manifest: "manifests are always uploaded, last",
  always_upload: "bytes are compared, so what has changed is always sent",
  concurrent_uploads: "uploads are always concurrent",
  concurrent_uploads_max_threads: "how many run at once is found out while they run",
  remote_file_list_cache_file_path: "the ledger beside the objects takes the place of a list",
  remote_file_list_remote_path: "the ledger beside the objects takes the place of a list",
  run_on_precompile: "`asset-sync install-rails` says when a sync runs",
  fail_silently: "wrong configuration is always an error",
  log_silently: "--quiet leaves nothing but errors",
  ...Object.fromEntries(
    [
      "rackspace_username",
      "rackspace_api_key",
      "rackspace_auth_url",
      "google_json_key_location",
      "google_json_key_string",
      "google_project",
      "google_storage_access_key_id",
      "google_storage_secret_access_key",
      "azure_storage_account_name",
      "azure_storage_access_key",
      "b2_key_id",
      "b2_key_token",
      "b2_bucket_id",
    ].map((name) => [name, "it belongs to another provider than AWS"]),
  ),
};

/** One item of a list: a name, or a regular expression. */
export type GemName = string | RubyRegexp;

/** The gem's configuration of one environment, each value of its kind. */
export interface GemValues {
  readonly texts: { readonly [name in MappedName]?: string };
  readonly flags: { readonly [name in MappedName]?: boolean };
  readonly names: { readonly [name in MappedName]?: readonly GemName[] };
  readonly headers: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Whether objects are public; `default` where the gem would say nothing of it. */
  readonly isPublic: boolean | "default";
  /** Options that were given and do nothing here. */
  readonly ignored: readonly string[];
}
