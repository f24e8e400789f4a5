import { join } from "node:path";

import type { Target } from "../config/target.ts";
import { AssetSyncError } from "../errors.ts";
import { isWithin } from "../scan/walk.ts";
import { realPlace } from "./real-place.ts";

/**
 * Refuses a folder target that lies in the folders that are scanned, or whose objects would: the next scan would take
 * what this sync has written.
 *
 * @throws AssetSyncError ASSET_SYNC_TARGET_INVALID
 */
export async function checkPlace(target: Target, publicDir: string, folders: readonly string[]): Promise<void> {
  if (target.kind !== "folder") return;
  const store = await realPlace(target.directory);
  for (const folder of folders) {
    const scanned = await realPlace(join(publicDir, folder));
    const objects = await realPlace(join(target.directory, folder));
    if (!isWithin(store, scanned) && !isWithin(objects, scanned) && !isWithin(scanned, objects)) continue;
    throw new AssetSyncError(
      "ASSET_SYNC_TARGET_INVALID",
      `Target ${target.url} would write into ${scanned}, a folder that is scanned; expected a folder outside of it.`,
      { hint: "Give --to a folder that is neither PUBLIC_DIR nor in one of its asset folders." },
    );
  }
}
