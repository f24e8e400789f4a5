import { access } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { BaseImageError, isBaseImageError } from "../errors.ts";
import type { ImageDefinition } from "../stage/image.ts";
import { describeLoadFailure, locate } from "./load-failure.ts";

/** The file read when `--config` is not given. */
export const DEFAULT_CONFIG = "base-image.config.ts";

/** A definition and the folder its paths are relative to. */
export interface LoadedDefinition {
  readonly definition: ImageDefinition;
  readonly file: string;
  readonly folder: string;
}

/**
 * Loads a definition file, TypeScript included, by node's type stripping.
 * @throws BaseImageError when it is not there, does not load (with file, line and the error), or exports no definition.
 */
export async function loadDefinition(path: string = DEFAULT_CONFIG): Promise<LoadedDefinition> {
  const file = resolve(path);
  await access(file).catch((cause: unknown) => {
    throw new BaseImageError("BASE_IMAGE_CONFIG_NOT_FOUND", `there is no definition at ${file}`, { cause });
  });
  const exported = await importDefault(file);
  if (!isDefinition(exported)) {
    const found = exported === undefined ? "no default export" : `a default export of ${typeName(exported)}`;
    throw new BaseImageError(
      "BASE_IMAGE_CONFIG_NOT_A_DEFINITION",
      `${path} has ${found}; expected an image definition`,
    );
  }
  return { definition: exported, file, folder: dirname(file) };
}

async function importDefault(file: string): Promise<unknown> {
  try {
    const loaded: { readonly default?: unknown } = await import(pathToFileURL(file).href);
    return loaded.default;
  } catch (error) {
    if (isBaseImageError(error)) {
      const place = locate(error, file);
      const text = place === undefined ? error.message : `${place}: ${error.message}`;
      throw new BaseImageError(error.code, text, { hint: error.hint, cause: error });
    }
    throw new BaseImageError("BASE_IMAGE_CONFIG_LOAD_FAILED", await describeLoadFailure(error, file), { cause: error });
  }
}

function isDefinition(value: unknown): value is ImageDefinition {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "slipway-image";
}

function typeName(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
}
