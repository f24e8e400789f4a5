import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { errorCode } from "./folder-failure.ts";

/**
 * Makes a folder and those above it that are not there. Node's own recursion never ends where a file system has the
 * folder above but says that there is no such file, as /proc does.
 *
 * @throws as the file system does
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCode(error) === "EEXIST") return;
    if (errorCode(error) !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path).catch(unlessThere);
  }
}

function unlessThere(error: unknown): void {
  if (errorCode(error) !== "EEXIST") throw error;
}
