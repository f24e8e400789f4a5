import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { makeFolder } from "./make-folder.ts";

/** No write takes this long: who wrote an older draft is gone, whichever machine or container it ran in. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** Files that are being written, on the same file system as the places they will move to. */
export class FolderDrafts {
  readonly #directory: string;
  #swept: Promise<void> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Lends a path to `work` that nobody else has; what is left at it afterwards is removed. */
  async lend<T>(work: (draft: string) => Promise<T>): Promise<T> {
    await makeFolder(this.#directory);
    this.#swept ??= this.#sweep();
    await this.#swept;
    const draft = join(this.#directory, randomUUID());
    try {
      return await work(draft);
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Removes what killed processes left. */
  async #sweep(): Promise<void> {
    const names = await readdir(this.#directory);
    await Promise.all(names.map((name) => removeAbandoned(join(this.#directory, name))));
  }
}

async function removeAbandoned(draft: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(draft);
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(draft, { force: true });
  } catch {
    // Gone meanwhile, or somebody else's to remove: neither hinders a write.
  }
}
