import { readdir, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { AssetSyncError } from "../errors.ts";
import { checkConfig, invalid } from "./config-check.ts";
import type { AssetSyncConfig } from "./definition.ts";
import { checkNotEmpty, VARIABLES, variable, type Environment } from "./environment.ts";
import { absoluteTarget } from "./target.ts";

/** The files that are looked for where none is named. */
const NAMES: readonly string[] = ["ts", "mts", "mjs", "json"].map((ending) => `asset-sync.config.${ending}`);

/**
 * Loads the configuration: the file that is named, else the one in `directory`, else nothing. Paths in it become
 * absolute. TypeScript is loaded by Node's type stripping.
 *
 * @throws AssetSyncError ASSET_SYNC_CONFIG_INVALID, or ASSET_SYNC_TARGET_INVALID for a folder target in it,
 * ASSET_SYNC_OPTION_INVALID for an empty name, ASSET_SYNC_INTERRUPTED
 */
export async function loadConfig(
  named: string | undefined,
  environment: Environment,
  directory: string,
  signal?: AbortSignal,
): Promise<AssetSyncConfig> {
  checkNotEmpty({ config: named });
  const name = named ?? variable(environment, VARIABLES.config) ?? (await findConfig(directory));
  if (name === undefined) return {};
  const file = resolve(directory, name);
  if (/\.ya?ml$/.test(file)) {
    const { readGemConfig } = await import("./gem-file.ts");
    return (await readGemConfig(file, environment)).config;
  }
  const config = checkConfig(await load(file, signal), file);
  const folder = dirname(file);
  const { to, publicDir, receipt } = config;
  return {
    ...config,
    ...(to === undefined ? {} : { to: absoluteTarget(to, folder) }),
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

async function load(file: string, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    // Decoded like this, a text loses the byte order mark that an editor may have put before it (RFC 8259, 8.1).
    if (file.endsWith(".json")) return JSON.parse(new TextDecoder().decode(await readFile(file)));
    const module = await settled(import(pathToFileURL(file).href), signal);
    if (module.default !== undefined) return module.default;
  } catch (cause) {
    if (signal?.aborted === true) {
      throw new AssetSyncError("ASSET_SYNC_INTERRUPTED", `Loading ${file} was interrupted.`, { cause: signal.reason });
    }
    throw invalid(file, `it cannot be loaded: ${reasonOf(cause, file)}`, cause);
  }
  throw invalid(file, "it has no default export, expected `export default { … }`");
}

/** What Node says of JSON quotes it, and a configuration may hold what is nobody else's business. */
function reasonOf(cause: unknown, file: string): string {
  if (!(cause instanceof Error)) return String(cause);
  if (!(cause instanceof SyntaxError && file.endsWith(".json"))) return `${cause.name}: ${cause.message}`;
  return `it is not JSON${/ \(line \d+ column \d+\)/.exec(cause.message)?.[0] ?? ""}`;
}

interface ConfigModule {
  readonly default?: unknown;
}

/** A module whose top-level await never ends is never loaded: Node has nothing left to do then, or waits for ever. */
function settled(loading: Promise<ConfigModule>, signal: AbortSignal | undefined): Promise<ConfigModule> {
  return new Promise((succeed, fail) => {
    const stuck = (): void => fail(new Error("a top-level await in it, or in what it imports, never ends"));
    const interrupted = (): void => fail(new Error("interrupted"));
    process.once("beforeExit", stuck);
    signal?.addEventListener("abort", interrupted);
    loading.then(succeed, fail).finally(() => {
      process.off("beforeExit", stuck);
      signal?.removeEventListener("abort", interrupted);
    });
  });
}
