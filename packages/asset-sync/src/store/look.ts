import { AssetSyncError } from "../errors.ts";
import type { Store, StoredHead } from "./store.ts";

/**
 * An object's description; undefined when there is none, and when S3 refuses to tell: that is what it says of an object
 * that is not there to a role without s3:ListBucket.
 */
export async function look(
  store: Pick<Store, "head">,
  key: string,
  signal: AbortSignal | undefined,
): Promise<StoredHead | undefined> {
  return store.head(key, signal).catch((error: unknown) => {
    if (error instanceof AssetSyncError && error.code === "ASSET_SYNC_ACCESS_DENIED") return undefined;
    throw error;
  });
}
