import { AssetSyncError } from "../errors.ts";
import { type Environment, variable } from "./environment.ts";
import { checkKeyCharacters, type KeyNames, type KeyParts } from "./key-characters.ts";
import { checkSharedCredentials } from "./shared-credentials.ts";

/** The variables of a key pair. */
export const KEY_VARIABLES: KeyNames = {
  accessKeyId: "AWS_ACCESS_KEY_ID",
  secretAccessKey: "AWS_SECRET_ACCESS_KEY",
  sessionToken: "AWS_SESSION_TOKEN",
};

/**
 * Refuses one half of an AWS key pair, in variables or in the used profile of the shared credentials file: the credential
 * chain would go on to other, unexpected credentials. Refuses variables that nothing can be signed with.
 *
 * @throws AssetSyncError ASSET_SYNC_HALF_KEY_PAIR, naming the missing half, ASSET_SYNC_CREDENTIALS_MALFORMED or
 *   ASSET_SYNC_CREDENTIALS_MISSING
 */
export function checkKeyPair(environment: Environment): void {
  const names = [KEY_VARIABLES.accessKeyId, KEY_VARIABLES.secretAccessKey];
  const missing = names.filter((name) => variable(environment, name) === undefined);
  const [only] = missing;
  if (missing.length === 1 && only !== undefined) {
    const other = names.find((name) => name !== only) ?? "";
    throw new AssetSyncError("ASSET_SYNC_HALF_KEY_PAIR", `${other} is set but ${only} is not.`);
  }
  // The SDK passes over a pair in variables where a profile is named.
  if (missing.length > 0 || variable(environment, "AWS_PROFILE") !== undefined) checkSharedCredentials(environment);
  else checkKeyCharacters(keyVariables(environment), KEY_VARIABLES);
}

/** What the variables of a key pair are set to. Pure. */
export function keyVariables(environment: Environment): KeyParts {
  return {
    accessKeyId: variable(environment, KEY_VARIABLES.accessKeyId),
    secretAccessKey: variable(environment, KEY_VARIABLES.secretAccessKey),
    sessionToken: variable(environment, KEY_VARIABLES.sessionToken),
  };
}
