import { readdir, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { AssetSyncError } from "../errors.ts";
import { checkConfig, invalid } from "./config-check.ts";
import type { AssetSyncConfig } from "./definition.ts";
import { VARIABLES, variable, type Environment } from "./environment.ts";

/** The files that are looked for where none is named. */
const NAMES: readonly string[] = ["ts", "mts", "mjs", "json"].map((ending) => `asset-sync.config.${ending}`);

/**
 * Loads the configuration: the file that is named, else the one in `directory`, else nothing. Paths in it become
 * absolute. TypeScript is loaded by Node's type stripping.
 *
 * @throws AssetSyncError ASSET_SYNC_CONFIG_INVALID
 */
export async function loadConfig(
  named: string | undefined,
  environment: Environment,
  directory: string,
): Promise<AssetSyncConfig> {
  const name = named ?? variable(environment, VARIABLES.config) ?? (await findConfig(directory));
  if (name === undefined) return {};
  const file = resolve(directory, name);
  const config = checkConfig(await load(file), file);
  const folder = dirname(file);
  const { publicDir, receipt } = config;
  return {
    ...config,
    ...(publicDir === undefined ? {} : { publicDir: resolve(folder, publicDir) }),
    ...(receipt === undefined ? {} : { receipt: resolve(folder, receipt) }),
  };
}

async function findConfig(directory: string): Promise<string | undefined> {
  const there = await readdir(directory).catch((): readonly string[] => []);
  const found = NAMES.filter((name) => there.includes(name));
  const [first, second] = found;
  if (first !== undefined && second !== undefined) {
    throw new AssetSyncError(
      "ASSET_SYNC_CONFIG_INVALID",
      `There is more than one configuration in ${directory}: ${found.join(", ")}; expected one.`,
      { hint: "Remove the others, or name the one to use with --config." },
    );
  }
  return first;
}

async function load(file: string): Promise<unknown> {
  try {
    if (file.endsWith(".json")) return JSON.parse(await readFile(file, "utf8"));
    const module: { readonly default?: unknown } = await import(pathToFileURL(file).href);
    if (module.default !== undefined) return module.default;
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw invalid(file, `it cannot be loaded: ${reason}`, cause);
  }
  throw invalid(file, "it has no default export, expected `export default defineConfig({ … })`");
}
