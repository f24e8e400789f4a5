import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { BaseImageError, isAbsence, reasonOf } from "../errors.ts";

/** What a package.json says, as far as anybody asked. */
export type Manifest = Readonly<Record<string, unknown>>;

/** The text of a file; nothing where there is none. @throws BaseImageError when it is there and cannot be read. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (isAbsence(cause)) return undefined;
    throw new BaseImageError("BASE_IMAGE_FOLDER_UNREADABLE", `${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** The package.json of a folder itself. @throws BaseImageError when it is not a JSON object. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, "package.json");
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const value = parse(text, path);
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  throw new BaseImageError("BASE_IMAGE_FOLDER_UNREADABLE", `${path} is ${text.trim()}; expected a JSON object`);
}

/**
 * Whether node takes a `.ts` file of this folder for an ES module without looking into it.
 * @see https://nodejs.org/api/packages.html#determining-module-system
 */
export async function isModuleFolder(folder: string): Promise<boolean> {
  const manifest = await readManifest(folder);
  if (manifest !== undefined) return manifest["type"] === "module";
  return dirname(folder) !== folder && isModuleFolder(dirname(folder));
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `${path} is not JSON: ${reasonOf(cause)}`;
    throw new BaseImageError("BASE_IMAGE_FOLDER_UNREADABLE", message, { cause });
  }
}
