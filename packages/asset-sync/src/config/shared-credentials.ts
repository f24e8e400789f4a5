import { readFileSync } from "node:fs";
import { join } from "node:path";

import { AssetSyncError } from "../errors.ts";
import type { Environment } from "./environment.ts";

const PAIR = ["aws_access_key_id", "aws_secret_access_key"] as const;

/** Settings of a profile that say where its credentials come from instead: the SDK then sorts them out. */
const OTHER_SOURCES: readonly string[] = [
  "role_arn",
  "credential_process",
  "credential_source",
  "web_identity_token_file",
];

/**
 * Refuses a shared credentials file that would make the credential chain go on, without a word, to the role of this
 * container or machine: one that is named and cannot be read, or whose used profile has half a key pair.
 *
 * @throws AssetSyncError ASSET_SYNC_CREDENTIALS_MISSING or ASSET_SYNC_HALF_KEY_PAIR, never with a value
 */
export function checkSharedCredentials(environment: Environment): void {
  const named = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "";
  const home = environment["HOME"] ?? "";
  if (named === "" && home === "") return;
  const file = named === "" ? join(home, ".aws", "credentials") : named.replace(/^~(?=\/)/, home);
  const text = read(file, named !== "");
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
  const settings = profileSettings(text, profile);
  if (OTHER_SOURCES.some((name) => settings.has(name)) || [...settings.keys()].some((name) => name.startsWith("sso_")))
    return undefined;
  const missing = PAIR.filter((key) => (settings.get(key) ?? "") === "");
  return missing.length === 1 ? missing[0] : undefined;
}

/** https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html; a comment begins a line or follows a blank. */
function profileSettings(text: string, profile: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  let inside = false;
  for (const whole of text.split(/\r?\n/)) {
    const line = (whole.split(/(?:^|\s)[;#]/)[0] ?? "").trim();
    const section = /^\[\s*(.*?)\s*\]$/.exec(line)?.[1];
    if (section !== undefined) inside = section === profile;
    const equals = line.indexOf("=");
    if (inside && equals > 0) settings.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  return settings;
}

function read(file: string, isNamed: boolean): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    if (!isNamed) return undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AssetSyncError(
      "ASSET_SYNC_CREDENTIALS_MISSING",
      `AWS_SHARED_CREDENTIALS_FILE names ${file}, which cannot be read: ${reason}.`,
      { hint: "Mount the file (in a build: --mount=type=secret), or unset the variable.", cause },
    );
  }
}
