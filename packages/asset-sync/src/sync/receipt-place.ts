import { stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";

import type { SyncOptions } from "../config/options.ts";
import { AssetSyncError } from "../errors.ts";
import { globMatcher } from "../scan/globs.ts";
import { isPassedOver, isWithin } from "../scan/walk.ts";
import { realPlace } from "./real-place.ts";

/**
 * Refuses a receipt that would be uploaded as an asset by the next sync, one among what a folder target holds, and one
 * whose name is taken by what a file cannot take the place of.
 *
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export async function checkReceiptPlace(options: SyncOptions, folders: readonly string[]): Promise<void> {
  const { receipt, target } = options;
  const found = await stat(receipt).catch(() => undefined);
  if (found?.isDirectory() === true) throw invalid(receipt, "it is a folder");
  if (found?.isBlockDevice() === true) throw invalid(receipt, "it is a disk");
  if (await isInTarget(receipt, options)) throw invalid(receipt, `it lies in ${target.url}`);
  const key = await scannedKey(receipt, options, folders);
  if (key !== undefined) throw invalid(receipt, `the next sync would upload it as ${key}`);
}

/** Whether a file lies among what a folder target holds, of any release. The public folder may lie there too. */
async function isInTarget(file: string, { target, publicDir }: SyncOptions): Promise<boolean> {
  if (target.kind !== "folder") return false;
  const place = await realPlace(file);
  return isWithin(place, await realPlace(target.directory)) && !isWithin(place, await realPlace(publicDir));
}

/** The key under which a scan takes up a file that is to be written; undefined when it does not. */
export async function scannedKey(
  file: string,
  { publicDir, ignore }: Pick<SyncOptions, "publicDir" | "ignore">,
  folders: readonly string[],
): Promise<string | undefined> {
  const place = join(await realPlace(dirname(file)), basename(file));
  const ignored = globMatcher(ignore);
  for (const folder of folders) {
    const scanned = await realPlace(join(publicDir, folder));
    if (!isWithin(place, scanned)) continue;
    const names = place.slice(scanned.length + 1).split(sep);
    const key = [folder, ...names].join("/");
    if (!names.some(isPassedOver) && !ignored(key)) return key;
  }
  return undefined;
}

function invalid(receipt: string, reason: string): AssetSyncError {
  return new AssetSyncError(
    "ASSET_SYNC_OPTION_INVALID",
    `Receipt ${receipt}: ${reason}; expected a file outside of the asset folders and of the target.`,
    { hint: "Give --receipt another file, or leave it out." },
  );
}
