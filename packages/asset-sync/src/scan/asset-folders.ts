import { readdir, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize } from "node:path";

import { RESERVED_FOLDER } from "../config/reserved-folder.ts";
import { AssetSyncError } from "../errors.ts";
import { errorCode } from "./walk.ts";

/**
 * How the folders begin that a Rails build makes: Sprockets and Propshaft, Shakapacker, Vite Ruby (one per environment). One
 * that ends in a slash is whole.
 */
export const BUILT_FOLDERS = ["assets/", "packs/", "packs-", "vite/", "vite-"] as const;

/**
 * The folders to take, relative to `publicDir` and sorted: those asked for, else those that are there and that a
 * Rails build makes.
 *
 * @throws AssetSyncError ASSET_SYNC_ASSETS_MISSING or ASSET_SYNC_OPTION_INVALID
 */
export async function assetFolders(
  publicDir: string,
  asked: readonly string[] | undefined,
): Promise<readonly string[]> {
  if (dirname(publicDir) === publicDir) {
    throw new AssetSyncError("ASSET_SYNC_OPTION_INVALID", `Public folder ${publicDir}: expected a folder of an app.`);
  }
  await checkFolder("Public folder", publicDir);
  return asked === undefined ? builtFolders(publicDir) : askedFolders(publicDir, asked);
}

async function builtFolders(publicDir: string): Promise<readonly string[]> {
  const entries = await readdir(publicDir);
  const matching = entries.filter((name) => BUILT_FOLDERS.some((beginning) => `${name}/`.startsWith(beginning)));
  const folders = await keepFolders(publicDir, matching);
  if (folders.length > 0) return folders.toSorted();
  throw new AssetSyncError(
    "ASSET_SYNC_ASSETS_MISSING",
    `No asset folder in ${publicDir}: expected assets, packs, packs-*, vite or vite-*.`,
  );
}

async function askedFolders(publicDir: string, asked: readonly string[]): Promise<readonly string[]> {
  const folders = namedFolders(asked, publicDir);
  for (const name of folders) await checkFolder("Asset folder", join(publicDir, name));
  return folders;
}

/**
 * Folders as they were named, each written in one way, sorted, and those inside of others left out. Pure.
 *
 * @param parent what they are to lie below, for messages
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export function namedFolders(asked: readonly string[], parent: string): readonly string[] {
  const folders = [...new Set(asked.map((name) => namedFolder(name, parent)))];
  return folders.filter((name) => !folders.some((other) => name.startsWith(`${other}/`))).toSorted();
}

function namedFolder(asked: string, parent: string): string {
  const name = normalize(asked).replace(/\/$/, "");
  if (isAbsolute(asked) || name === "." || name === ".." || name.startsWith("../")) {
    throw new AssetSyncError(
      "ASSET_SYNC_OPTION_INVALID",
      `--dir ${JSON.stringify(asked)}: expected a folder below ${parent}, named relative to it.`,
    );
  }
  if (name.split("/").includes(RESERVED_FOLDER)) {
    throw new AssetSyncError(
      "ASSET_SYNC_OPTION_INVALID",
      `--dir ${JSON.stringify(asked)}: ${RESERVED_FOLDER} is where a target keeps its ledger; expected another folder.`,
    );
  }
  return name;
}

async function keepFolders(parent: string, names: readonly string[]): Promise<readonly string[]> {
  const answers = await Promise.all(names.map((name) => isFolder(join(parent, name))));
  return names.filter((_, index) => answers[index]);
}

/** @throws AssetSyncError ASSET_SYNC_ASSETS_MISSING */
async function checkFolder(what: string, path: string): Promise<void> {
  const fault = await stat(path).then(
    (found) => (found.isDirectory() ? undefined : "is no folder"),
    (error: unknown) =>
      errorCode(error) === "ENOENT" ? "does not exist" : `cannot be looked at (${errorCode(error)})`,
  );
  if (fault !== undefined) throw new AssetSyncError("ASSET_SYNC_ASSETS_MISSING", `${what} ${path} ${fault}.`);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
