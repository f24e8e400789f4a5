import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NAME = "asset-sync-tmp-";
const OURS = new RegExp(`^${NAME}[A-Za-z0-9]{6}$`);

/** No run takes this long: who made an older folder is gone, whichever container it ran in. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** Makes a folder in the system's temporary one, and removes those that killed runs left there. */
export async function temporaryFolder(): Promise<string> {
  const names = await readdir(tmpdir());
  await Promise.all(names.filter((name) => OURS.test(name)).map((name) => removeAbandoned(join(tmpdir(), name))));
  return mkdtemp(join(tmpdir(), NAME));
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
