import { mkdir, readdir } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

import { extract } from "tar-fs";

import { BaseImageError } from "../errors.ts";
import { packContext } from "./pack.ts";
import type { BuildPlan } from "./plan.ts";

/**
 * Writes the context of a build into a folder, as the engine gets it: with the programs, and without what .dockerignore
 * leaves out.
 * @throws BaseImageError BASE_IMAGE_FILE_EXISTS when something is in that folder.
 */
export async function writeContext({ context, dockerfile }: BuildPlan, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    const message = `there are files in ${folder}, where the build context was to be written`;
    throw new BaseImageError("BASE_IMAGE_FILE_EXISTS", message, { hint: "Empty it, or name another with --context." });
  }
  await pipeline(packContext(context, dockerfile), extract(folder));
}
