import { mkdir, readdir } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

import { extract } from "tar-fs";

import { BaseImageError, reasonOf } from "../errors.ts";
import { packContext } from "./pack.ts";
import type { BuildPlan } from "./plan.ts";

/**
 * Writes the context of a build into a folder, as the engine gets it: with the programs, and without what .dockerignore
 * leaves out.
 * @throws BaseImageError BASE_IMAGE_FILE_EXISTS when something is in that folder, BASE_IMAGE_FILE_UNWRITABLE when it
 * cannot be made.
 */
export async function writeContext({ context, dockerfile }: BuildPlan, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    const message = `the build context cannot be written to ${folder}: ${reasonOf(cause)}`;
    throw new BaseImageError("BASE_IMAGE_FILE_UNWRITABLE", message, {
      cause,
      hint: "Name a folder that can be made with --context FOLDER.",
    });
  });
  if ((await readdir(folder)).length > 0) {
    const message = `there are files in ${folder}, where the build context was to be written`;
    throw new BaseImageError("BASE_IMAGE_FILE_EXISTS", message, { hint: "Empty it, or name another with --context." });
  }
  await pipeline(packContext(context, dockerfile), extract(folder));
}
