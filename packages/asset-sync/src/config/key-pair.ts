import { AssetSyncError } from "../errors.ts";
import { type Environment, variable } from "./environment.ts";
import { checkSharedCredentials } from "./shared-credentials.ts";

/**
 * Refuses one half of an AWS key pair, in variables or in the used profile of the shared credentials file: the credential
 * chain would go on to other, unexpected credentials.
 *
 * @throws AssetSyncError ASSET_SYNC_HALF_KEY_PAIR, naming the missing half, or ASSET_SYNC_CREDENTIALS_MISSING
 */
export function checkKeyPair(environment: Environment): void {
  const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;
  const missing = names.filter((name) => variable(environment, name) === undefined);
  const [only] = missing;
  if (missing.length === 1 && only !== undefined) {
    const other = names.find((name) => name !== only) ?? "";
    throw new AssetSyncError("ASSET_SYNC_HALF_KEY_PAIR", `${other} is set but ${only} is not.`);
  }
  // The SDK passes over a pair in variables where a profile is named.
  if (missing.length > 0 || variable(environment, "AWS_PROFILE") !== undefined) checkSharedCredentials(environment);
}
