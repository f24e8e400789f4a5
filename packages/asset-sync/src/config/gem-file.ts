import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";

import { AssetSyncError, messageOf } from "../errors.ts";
import { invalid } from "./config-check.ts";
import { variable, type Environment } from "./environment.ts";
import { renderErb } from "./erb.ts";
import { gemConfig, type GemConfig } from "./gem-config.ts";
import { gemValues, gemVariables } from "./gem-values.ts";
import { gemEnvironment } from "./gem-yaml.ts";

/** Where a Rails app has the configuration of the gem asset_sync. */
export const GEM_FILE = "config/asset_sync.yml";

/** Where the gem is configured in Ruby, beside its file or instead of it. */
const INITIALIZER = "config/initializers/asset_sync.rb";

/** The environment of Rails, as Rails finds it out. */
export function railsEnvironment(environment: Environment): string {
  return variable(environment, "RAILS_ENV", "RACK_ENV") ?? "development";
}

/**
 * Reads an asset_sync.yml as it is, for the environment that RAILS_ENV names. Paths in it become absolute.
 *
 * @throws AssetSyncError ASSET_SYNC_CONFIG_INVALID
 */
export async function readGemConfig(file: string, environment: Environment): Promise<GemConfig> {
  const made = await gemConfigOf(file, environment);
  return withPublicDir(made, (publicDir) => resolve(appFolder(file), publicDir));
}

/**
 * The same for a configuration that is to stand in `folder`: a path inside of it, or that was relative, is relative to it.
 *
 * @throws AssetSyncError ASSET_SYNC_CONFIG_INVALID
 */
export async function importGemConfig(file: string, environment: Environment, folder: string): Promise<GemConfig> {
  const made = await gemConfigOf(file, environment);
  return withPublicDir(made, (said) => {
    const publicDir = relative(folder, resolve(appFolder(file), said)) || ".";
    return isAbsolute(said) && publicDir.startsWith("..") ? said : publicDir;
  });
}

function withPublicDir(made: GemConfig, placed: (publicDir: string) => string): GemConfig {
  const { publicDir } = made.config;
  return publicDir === undefined ? made : { ...made, config: { ...made.config, publicDir: placed(publicDir) } };
}

async function gemConfigOf(file: string, environment: Environment): Promise<GemConfig> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw invalid(file, `it cannot be read: ${messageOf(cause)}`, cause);
  });
  const railsEnv = railsEnvironment(environment);
  const members = gemEnvironment(renderErb(text, environment, file), railsEnv, file);
  const place = `${file} (${railsEnv})`;
  return gemConfig(gemValues(members, place), environment, place);
}

/** What the gem would take in this app: its file, else its variables; undefined where there is neither. */
export async function gemConfigIn(directory: string, environment: Environment): Promise<GemConfig | undefined> {
  const file = join(directory, GEM_FILE);
  if (existsSync(file)) return withInitializer(await readGemConfig(file, environment), directory);
  return variablesConfig(environment, directory);
}

/** What `import` prints, and what it was made from. */
export interface ImportedGemConfig {
  readonly made: GemConfig;
  readonly origin: string;
}

/**
 * As {@link importGemConfig} for the app in `folder`: its file, else the gem's variables.
 *
 * @throws AssetSyncError ASSET_SYNC_CONFIG_INVALID
 */
export async function importGemConfigIn(folder: string, environment: Environment): Promise<ImportedGemConfig> {
  const file = join(folder, GEM_FILE);
  if (existsSync(file)) {
    const made = withInitializer(await importGemConfig(file, environment, folder), folder);
    return { made, origin: `${GEM_FILE} (${railsEnvironment(environment)})` };
  }
  const made = variablesConfig(environment, folder);
  if (made !== undefined) return { made, origin: "the environment, in the gem's variables," };
  throw new AssetSyncError(
    "ASSET_SYNC_CONFIG_INVALID",
    `There is no ${file}, and of the gem's variables FOG_PROVIDER and FOG_DIRECTORY are not both set.`,
    {
      hint: "Run it in the app's folder, name the file, or write an asset-sync.config.mjs: `to` is all that it needs.",
    },
  );
}

function variablesConfig(environment: Environment, directory: string): GemConfig | undefined {
  const members = gemVariables(environment);
  if (members === undefined) return undefined;
  const place = "of the gem asset_sync in the environment";
  return withInitializer(gemConfig(gemValues(members, place), environment, place), directory);
}

/** Ruby is not run: whoever has options there has to hear that they do not count. */
function withInitializer(made: GemConfig, directory: string): GemConfig {
  if (!existsSync(join(directory, INITIALIZER))) return made;
  const note = `it is Ruby and is not read: say in ${GEM_FILE} or asset-sync.config.mjs what it sets`;
  return { ...made, notes: [...made.notes, { option: INITIALIZER, note }] };
}

function appFolder(file: string): string {
  const folder = dirname(file);
  return basename(folder) === "config" ? dirname(folder) : folder;
}
