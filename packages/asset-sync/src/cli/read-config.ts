import { loadConfig } from "../config/config-file.ts";
import type { AssetSyncConfig } from "../config/definition.ts";
import { variable, VARIABLES } from "../config/environment.ts";
import type { ConfigFlag, OutputFlags } from "./flags.ts";
import { printer, type Terminal } from "./terminal.ts";

interface Said extends ConfigFlag, OutputFlags {
  readonly to?: string;
}

/**
 * Loads the configuration; what it prints meanwhile goes to stderr, as stdout belongs to the answer. Where there is none
 * and no target is named, that of the gem asset_sync counts; options of it that do nothing here are named once.
 */
export async function readConfig(flags: Said, terminal: Terminal, signal: AbortSignal): Promise<AssetSyncConfig> {
  const config = await readOwnConfig(flags, terminal, signal);
  const isNamed = flags.to !== undefined || variable(terminal.environment, VARIABLES.to) !== undefined;
  if (isNamed || Object.keys(config).length > 0) return config;
  const { gemConfigIn } = await import("../config/gem-file.ts");
  const gem = await gemConfigIn(terminal.directory, terminal.environment);
  const out = printer(terminal, flags);
  for (const { option, note } of gem?.notes ?? []) out.line(`note      ${option} of asset_sync: ${note}`);
  return gem?.config ?? config;
}

/** As `readConfig`, without a look at the gem's configuration. */
export async function readOwnConfig(
  { config }: ConfigFlag,
  { environment, directory }: Terminal,
  signal: AbortSignal,
): Promise<AssetSyncConfig> {
  const { log, info, debug, error } = console;
  Object.assign(console, { log: error, info: error, debug: error });
  try {
    return await loadConfig(config, environment, directory, signal);
  } finally {
    Object.assign(console, { log, info, debug });
  }
}
