import { Command, Option } from "commander";

import { VARIABLES } from "../config/environment.ts";
import { RECEIPT_NAME } from "../config/options.ts";

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
    .option("--region <region>", `S3 region (${VARIABLES.region}, AWS_REGION)`)
    .option("--path-style", `bucket in the path instead of the host name (${VARIABLES.pathStyle})`);
}

/** Adds the flags that say what is synced. */
export function withSource(command: Command): Command {
  return command
    .argument("[public-dir]", "folder whose content has the root of the keys (default: public)")
    .addOption(
      new Option("--dir <name>", "asset folder below it; may be repeated (default: assets, packs*, vite*)").argParser(
        collect,
      ),
    )
    .option("--release <id>", `name of this release (${VARIABLES.release}, the CI's commit, git's HEAD)`)
    .option("--allow-changed", "let fingerprinted names get other bytes")
    .option("--refresh", "send all plain files and manifests again, whatever the ledger says");
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

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
