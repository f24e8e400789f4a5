import { loadConfig } from "../config/config-file.ts";
import type { AssetSyncConfig } from "../config/definition.ts";
import type { ConfigFlag } from "./flags.ts";
import type { Terminal } from "./terminal.ts";

/** Loads the configuration; what it prints meanwhile goes to stderr, as stdout belongs to the answer. */
export async function readConfig(
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
