import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { AssetSyncError, messageOf } from "../errors.ts";

const NAME = "asset-sync-tmp-";
const OURS = new RegExp(`^${NAME}[A-Za-z0-9]{6}$`);

/** No run takes this long: who made an older folder is gone, whichever container it ran in. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Makes a folder in the system's temporary one, and removes those that killed runs left there.
 *
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export async function temporaryFolder(): Promise<string> {
  const place = tmpdir();
  try {
    const names = await readdir(place);
    await Promise.all(names.filter((name) => OURS.test(name)).map((name) => removeAbandoned(join(place, name))));
    return await mkdtemp(join(place, NAME));
  } catch (cause) {
    throw new AssetSyncError("ASSET_SYNC_OPTION_INVALID", `Temporary folder ${place}: ${messageOf(cause)}.`, {
      hint: "Name a folder that can be written to in TMPDIR.",
      cause,
    });
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  try {
    const found = await lstat(folder);
    const isAbandoned = found.isDirectory() && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS;
    if (isAbandoned) await rm(folder, { recursive: true, force: true });
  } catch {
    // Gone meanwhile, or somebody else's to remove: neither hinders a run.
  }
}
