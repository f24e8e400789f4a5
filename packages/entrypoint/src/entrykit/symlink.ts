import { lstatSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { EntrypointError, messageOf } from "../errors.ts";

/** The names entrykit answers to, and whether this program does. */
export const ENTRYKIT_NAMES: Readonly<Record<string, { readonly supported: boolean; readonly instead: string }>> = {
  codep: { supported: false, instead: "run one process per container" },
  prehook: { supported: true, instead: "" },
  render: { supported: false, instead: "render the file in the image build, or in a task of entrypoint.json" },
  switch: { supported: false, instead: "give the container the command itself" },
  entrykit: { supported: false, instead: "use prehook, or entrypoint.json" },
};

/**
 * Makes a link for each entrykit name beside the program; what exists is left alone.
 * @returns the links made
 * @throws EntrypointError `ENTRYPOINT_SYMLINK_FAILED`
 */
export function makeSymlinks(program: string): string[] {
  const folder = dirname(program);
  const links = Object.keys(ENTRYKIT_NAMES)
    .map((name) => join(folder, name))
    .filter((link) => lstatSync(link, { throwIfNoEntry: false }) === undefined);
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
