import { Command } from "commander";

import { VARIABLES } from "../config/environment.ts";
import { RECEIPT_NAME } from "../config/options.ts";

/** The flag that names the configuration file. */
export interface ConfigFlag {
  readonly config?: string;
}

/** Flags that decide how output looks. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A verb with its own line of help and an example that works. */
export function verb(name: string, description: string, example: string): Command {
  return new Command(name).description(description).addHelpText("after", `\nExample:\n  $ ${example}\n`);
}

/** Adds the flags that say where the target is. */
export function withTarget(command: Command): Command {
  return command
    .option("--to <target>", `s3://BUCKET[/PREFIX] or file://DIR (${VARIABLES.to})`)
    .option("--endpoint <url>", `S3 endpoint (${VARIABLES.endpoint}, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL)`)
    .option("--region <region>", `S3 region (${VARIABLES.region}, AWS_REGION, AWS_DEFAULT_REGION)`)
    .option("--path-style", `bucket in the path instead of the host name (${VARIABLES.pathStyle})`);
}

/** Adds the configuration file. */
export function withConfig(command: Command): Command {
  return command.option(
    "--config <file>",
    `configuration (${VARIABLES.config}; default: asset-sync.config.{ts,mts,mjs,json})`,
  );
}

/** Adds the flags that say what is synced. */
export function withSource(command: Command): Command {
  const source = withConfig(command)
    .argument("[public-dir]", "folder whose content has the root of the keys (default: public)")
    .option("--dir <name>", "asset folder below it; may be repeated (default: assets, packs*, vite*)", repeated)
    .option("--ignore <glob>", "keys to leave out; may be repeated", repeated)
    .option("--header <rule>", "'GLOB: Name=value' for the keys that match; may be repeated", repeated)
    .option("--compress <encodings>", `make siblings that are smaller: br,gzip (${VARIABLES.compress})`)
    .option("--source-maps <rule>", `public, drop or private:PREFIX (${VARIABLES.sourceMaps})`)
    .option("--strict", `an error when a file that others name is not there (${VARIABLES.strict})`)
    .option("--max-requests <number>", `refuse a plan that needs more (${VARIABLES.maxRequests})`)
    .option("--release <id>", `name of this release (${VARIABLES.release}, the CI's commit, git's HEAD)`)
    .option("--allow-changed", "let fingerprinted names get other bytes");
  return withRefresh(source);
}

/** Adds the flag that believes the ledger in nothing. */
export function withRefresh(command: Command): Command {
  return command.option(
    "--refresh",
    "send plain files and manifests again, and fingerprinted ones that are gone or other",
  );
}

/** Adds the flags that say how the bucket encrypts what is written. */
export function withEncryption(command: Command): Command {
  return command
    .option("--sse <algorithm>", "encryption of assets and ledger: AES256, aws:kms or aws:kms:dsse")
    .option("--sse-kms-key-id <id>", "the key that KMS encrypts with (default: the account's own for S3)");
}

/** Adds the flags that say what objects get beside bytes and headers. */
export function withObjects(command: Command): Command {
  const objects = command
    .option("--acl <acl>", "canned ACL of each asset, for example public-read (default: none is sent)")
    .option("--storage-class <class>", "storage class of each asset, for example STANDARD_IA")
    .option("--tag <name=value>", "tag of each asset; may be repeated", repeated);
  return withEncryption(objects);
}

/** Adds the distribution in front. */
export function withCloudFront(command: Command): Command {
  return command.option(
    "--cloudfront <id>",
    `distribution that is to forget plain files that changed (${VARIABLES.cloudfront})`,
  );
}

/** Adds the receipt to write. */
export function withReceipt(command: Command): Command {
  return command.option(
    "--receipt <file>",
    `where the receipt goes (${VARIABLES.receipt}; default: PUBLIC_DIR/${RECEIPT_NAME})`,
  );
}

/** Adds the flags that decide how output looks. */
export function withOutput(command: Command): Command {
  return command
    .option("--json", "one JSON object per line on stdout, the last of type summary")
    .option("--quiet", "nothing but errors");
}

/** Takes one more value of a flag that may be repeated. */
export function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
