import { writeFile } from "node:fs/promises";

import { BaseImageError, reasonOf } from "../errors.ts";

/** Writes a report to the file that a flag names. @throws BaseImageError BASE_IMAGE_FILE_UNWRITABLE naming both. */
export async function writeReport(what: string, flag: string, file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: unknown) => {
    const message = `${what} cannot be written to ${file}: ${reasonOf(cause)}`;
    const hint = `Name a file in a folder that is there with ${flag} FILE.`;
    throw new BaseImageError("BASE_IMAGE_FILE_UNWRITABLE", message, { cause, hint });
  });
}
