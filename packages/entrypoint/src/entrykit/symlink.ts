import { lstatSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { EntrypointError, messageOf } from "../errors.ts";
import { ENTRYKIT_NAMES } from "./names.ts";

/**
 * Makes a link for each entrykit name beside the program; what exists is left alone.
 * @returns the links made
 * @throws EntrypointError `ENTRYPOINT_SYMLINK_FAILED`
 */
export function makeSymlinks(program: string): string[] {
  const folder = dirname(program);
  const links = ENTRYKIT_NAMES.map((name) => join(folder, name)).filter(
    (link) => lstatSync(link, { throwIfNoEntry: false }) === undefined,
  );
  for (const link of links) makeLink(basename(program), link);
  return links;
}

function makeLink(target: string, link: string): void {
  try {
    symlinkSync(target, link);
  } catch (cause) {
    throw new EntrypointError("ENTRYPOINT_SYMLINK_FAILED", { message: `${link}: ${messageOf(cause)}`, cause });
  }
}
