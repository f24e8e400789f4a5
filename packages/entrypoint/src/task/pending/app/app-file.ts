import { messageOf } from "../../../errors.ts";
import { readRegularFile } from "../../../process/regular-file.ts";

/**
 * The text of a file of the app.
 * @throws Error that names the file as the app knows it
 */
export function readAppFile(root: string, file: string): string {
  try {
    return readRegularFile(`${root}/${file}`);
  } catch (cause) {
    throw new Error(`${file}: ${messageOf(cause)}`, { cause });
  }
}
