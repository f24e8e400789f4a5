import { access } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { BaseImageError, isBaseImageError } from "../errors.ts";
import { imageOf, isImageMatrix, type ImageMatrix } from "../stage/matrix.ts";
import { isImageDefinition, withPins, type ImageDefinition } from "../stage/image.ts";
import { lockPath, readLock } from "./lock-file.ts";
import { describeLoadFailure, locate, remedyFor } from "./load-failure.ts";

/** The files looked for when `--config` is not given; the first one that is there is read. */
const DEFAULT_CONFIGS: readonly string[] = ["base-image.config.ts", "base-image.config.mts"];

/** A definition and the folder its paths are relative to. */
export interface LoadedDefinition {
  readonly definition: ImageDefinition;
  readonly file: string;
  readonly folder: string;
  /** What it is called in its matrix. */
  readonly image?: string;
}

/**
 * Loads a definition file, TypeScript included, by node's type stripping; without a path the one of the current folder.
 * Its images are pinned to what the lock file beside it says. Of a matrix it is the image that is named.
 * @throws BaseImageError when it is not there, does not load (with file, line and the error), never comes to its end,
 * or exports no definition; `BASE_IMAGE_INTERRUPTED` when `signal` aborts meanwhile.
 */
export async function loadDefinition(config?: string, signal?: AbortSignal, image?: string): Promise<LoadedDefinition> {
  const { exported, ...loaded } = await loadFile(config, signal);
  if (isImageMatrix(exported)) return pinnedIn(loaded, ...imageOf(exported, image));
  if (image === undefined) return pinnedIn(loaded, undefined, exported);
  throw new BaseImageError("BASE_IMAGE_USAGE", `--image is ${JSON.stringify(image)}, but the definition is no matrix`);
}

/** The same for every image of a matrix, or the one that is named. */
export async function loadDefinitions(
  config?: string,
  signal?: AbortSignal,
  image?: string,
): Promise<readonly LoadedDefinition[]> {
  const { exported, ...loaded } = await loadFile(config, signal);
  if (image !== undefined || !isImageMatrix(exported)) return [await loadDefinition(config, signal, image)];
  return Promise.all(Object.entries(exported.images).map(([name, each]) => pinnedIn(loaded, name, each)));
}

interface LoadedFile {
  readonly path: string;
  readonly file: string;
  readonly exported: ImageDefinition | ImageMatrix;
}

async function loadFile(config: string | undefined, signal: AbortSignal | undefined): Promise<LoadedFile> {
  const path = config ?? (await findDefaultConfig());
  if (path === undefined) {
    const message = `there is no ${DEFAULT_CONFIGS.join(" and no ")} in ${process.cwd()}`;
    throw new BaseImageError("BASE_IMAGE_CONFIG_NOT_FOUND", message);
  }
  const file = resolve(path);
  if (!(await isThere(file))) {
    throw new BaseImageError("BASE_IMAGE_CONFIG_NOT_FOUND", `there is no definition at ${file}`);
  }
  const exported = await importDefault(file, signal);
  if (isImageDefinition(exported) || isImageMatrix(exported)) return { path, file, exported };
  const found = exported === undefined ? "no default export" : `a default export of ${typeName(exported)}`;
  throw new BaseImageError("BASE_IMAGE_CONFIG_NOT_A_DEFINITION", `${path} has ${found}; expected an image definition`);
}

async function pinnedIn(
  { file }: Pick<LoadedFile, "file">,
  image: string | undefined,
  definition: ImageDefinition,
): Promise<LoadedDefinition> {
  const pins = await readLock(lockPath(file));
  return {
    definition: withPins(definition, pins),
    file,
    folder: dirname(file),
    ...(image === undefined ? {} : { image }),
  };
}

/** The definition of the current folder, as it is named there; nothing where there is none. */
export async function findDefaultConfig(): Promise<string | undefined> {
  const there = await Promise.all(DEFAULT_CONFIGS.map((name) => isThere(name)));
  return DEFAULT_CONFIGS.find((_, index) => there[index]);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function importDefault(file: string, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return (await settled(import(pathToFileURL(file).href), signal)).default;
  } catch (error) {
    if (isBaseImageError(error)) {
      const place = locate(error, file);
      const text = place === undefined ? error.message : `${place}: ${error.message}`;
      throw new BaseImageError(error.code, text, { hint: error.hint, cause: error });
    }
    const hint = remedyFor(error);
    throw new BaseImageError("BASE_IMAGE_CONFIG_LOAD_FAILED", await describeLoadFailure(error, file), {
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

interface DefinitionModule {
  readonly default?: unknown;
}

/** A module that waits for itself never settles: node has nothing left to do then, or goes on for ever. */
function settled(loading: Promise<DefinitionModule>, signal: AbortSignal | undefined): Promise<DefinitionModule> {
  return new Promise((succeed, fail) => {
    const stuck = (): void => fail(new Error("a top-level await in it, or in what it imports, never ends"));
    const interrupted = (): void =>
      fail(new BaseImageError("BASE_IMAGE_INTERRUPTED", "the loading of the definition was interrupted"));
    const done = (): void => {
      process.off("beforeExit", stuck);
      signal?.removeEventListener("abort", interrupted);
    };
    process.once("beforeExit", stuck);
    signal?.addEventListener("abort", interrupted);
    if (signal?.aborted === true) interrupted();
    loading.then(succeed, fail).finally(done);
  });
}

function typeName(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
}
