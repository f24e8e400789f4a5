import { readFileSync } from "node:fs";

import { AssetSyncError, messageOf } from "../errors.ts";
import { awsFile, parseAwsFile, type AwsSettings } from "./aws-files.ts";
import { variable, type Environment } from "./environment.ts";

const PAIR = ["aws_access_key_id", "aws_secret_access_key"] as const;

/** Settings of a profile that say where its credentials come from instead. */
const OTHER_SOURCES: ReadonlySet<string> = new Set([
  "role_arn",
  "credential_process",
  "credential_source",
  "web_identity_token_file",
]);

/**
 * Refuses a shared credentials file that would make the credential chain go on, without a word, to the role of this
 * container or machine: one that is named and cannot be read, or whose used profile has half a key pair.
 *
 * @throws AssetSyncError ASSET_SYNC_CREDENTIALS_MISSING or ASSET_SYNC_HALF_KEY_PAIR, never with a value
 */
export function checkSharedCredentials(environment: Environment): void {
  const file = awsFile(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
  if (file === undefined) return;
  const text = read(file, variable(environment, "AWS_SHARED_CREDENTIALS_FILE") !== undefined);
  const profile = environment["AWS_PROFILE"] || "default";
  const missing = text === undefined ? undefined : missingKey(text, profile);
  if (missing === undefined) return;
  throw new AssetSyncError(
    "ASSET_SYNC_HALF_KEY_PAIR",
    `Profile ${profile} in ${file} has ${PAIR.find((key) => key !== missing) ?? ""} but not ${missing}.`,
    { hint: "Give the profile both, or neither so that the rest of the AWS credential chain is asked." },
  );
}

/** The half of the key pair that a profile of a shared credentials file lacks while it has the other. Pure. */
export function missingKey(text: string, profile: string): string | undefined {
  const settings = parseAwsFile(text).get(profile);
  if (settings === undefined || hasOtherSource(settings)) return undefined;
  const missing = PAIR.filter((key) => (settings.get(key) ?? "") === "");
  return missing.length === 1 ? missing[0] : undefined;
}

/** Whether a profile says that its credentials come from somewhere else than the file. */
export function hasOtherSource(settings: AwsSettings): boolean {
  return [...settings.keys()].some((name) => OTHER_SOURCES.has(name) || name.startsWith("sso_"));
}

function read(file: string, isNamed: boolean): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    if (!isNamed) return undefined;
    throw new AssetSyncError(
      "ASSET_SYNC_CREDENTIALS_MISSING",
      `AWS_SHARED_CREDENTIALS_FILE names ${file}, which cannot be read: ${messageOf(cause)}.`,
      { hint: "Mount the file (in a build: --mount=type=secret), or unset the variable.", cause },
    );
  }
}
