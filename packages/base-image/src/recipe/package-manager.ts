import { BaseImageError } from "../errors.ts";
import type { NodeRule } from "./supported.ts";

/** A JavaScript package manager with its exact version and the way it gets into the image. */
export interface PackageManager {
  readonly name: "npm" | "pnpm" | "yarn";
  readonly version: string;
  /** `node`: it is in the node image; `npm`: npm installs this package. */
  readonly source: { readonly from: "node" } | { readonly from: "npm"; readonly package: string };
}

/** Where the node stage installs the package manager; its `bin` and `lib` go to /usr/local as they are. */
export const PREFIX = "/opt/package-manager";

const NAMES = ["npm", "pnpm", "yarn"] as const;
const SPEC = /^(npm|pnpm|yarn)@(\d+)(\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)(?:\+.*)?$/;

/**
 * Reads `packageManager` as package.json has it. Yarn 1 comes from the node image when that holds the very version;
 * Yarn 2 and later are published as one file under another name.
 * @see https://github.com/nodejs/corepack#when-authoring-packages
 */
export function packageManager(spec: string, rule: NodeRule): PackageManager {
  const [, found, major, rest] = SPEC.exec(spec) ?? [];
  const name = NAMES.find((known) => known === found);
  if (name === undefined || major === undefined || rest === undefined) {
    throw new BaseImageError(
      "BASE_IMAGE_PACKAGE_MANAGER",
      `rubyNode: packageManager is ${JSON.stringify(spec)}; expected npm, pnpm or yarn with an exact version, as yarn@1.22.22`,
    );
  }
  const version = `${major}${rest}`;
  if (name === "yarn" && version === rule.yarn) return { name, version, source: { from: "node" } };
  const published = name === "yarn" && Number(major) >= 2 ? "@yarnpkg/cli-dist" : name;
  return { name, version, source: { from: "npm", package: `${published}@${version}` } };
}
