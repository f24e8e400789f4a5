import { readlink, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, sep } from "node:path";

import { errorCode } from "../store/folder-failure.ts";

/** The real path of what need not be there yet, through links, also where they lead to nothing yet. */
export async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (dirname(path) === path) throw error;
    const folder = await realPlace(dirname(path));
    const link = errorCode(error) === "ENOENT" ? await readlink(path).catch(() => undefined) : undefined;
    if (link === undefined) return join(folder, basename(path));
    // Not joined: what is before `..` may be a link itself.
    return realPlace(isAbsolute(link) ? link : folder + sep + link);
  }
}
