import { AssetSyncError } from "../errors.ts";

/** What to throw where the bytes on their way to a store are not those that their digest was taken of. */
export function otherBytes(key: string): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_FILE_CHANGED", `The bytes for ${key} are not those that were scanned.`);
}
