import { readFileSync } from "node:fs";

import { BaseImageError, reasonOf } from "../errors.ts";
import type { Stage } from "../stage/stage.ts";
import { SCRATCH } from "./copy-node.ts";
import { filePath } from "./file-path.ts";
import type { ServerAccess } from "./server-access.ts";

/**
 * The Bundler version a Gemfile.lock was made with: `bundledWith(new URL("Gemfile.lock", import.meta.url))`.
 * @throws BaseImageError when the file cannot be read or has no BUNDLED WITH line.
 */
export function bundledWith(file: string | URL): string {
  const path = filePath(file, "bundledWith()", "the file");
  const version = /^BUNDLED WITH\s+(\d+\.\d+\.\d+\S*)\s*$/m.exec(readLock(path))?.[1];
  if (version !== undefined) return version;
  throw new BaseImageError("BASE_IMAGE_BUNDLED_WITH", `${path} has no BUNDLED WITH line with a version`);
}

/** Installs this Bundler, if one is named and ruby does not have it already, and leaves the gems to `owner`, who may then install more. */
export function installBundler(
  version: string | undefined,
  owner: string,
  { gem, mounts }: ServerAccess,
): (stage: Stage) => Stage {
  if (version === undefined) return (stage) => stage;
  const present = `gem list --installed --exact bundler --version ${version}`;
  const install = `${gem}gem install bundler --version ${version} --no-document`;
  return (stage) =>
    stage.run(
      [
        `{ ${present} || ${install}; }`,
        `bundle _${version}_ --version`,
        `rm -rf "$GEM_HOME/cache"`,
        `chown --recursive ${owner} "$GEM_HOME"`,
      ].join(" && "),
      { mounts: [...SCRATCH, ...mounts] },
    );
}

function readLock(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new BaseImageError("BASE_IMAGE_BUNDLED_WITH", `${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}
