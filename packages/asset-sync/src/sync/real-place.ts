import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** The real path of what need not be there yet. */
export async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (dirname(path) === path) throw error;
    return join(await realPlace(dirname(path)), basename(path));
  }
}
