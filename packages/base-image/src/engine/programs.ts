import { access, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

import { BaseImageError } from "../errors.ts";
import { PROGRAMS_PATH } from "../stage/image.ts";
import { manifest, mergeContexts, readTree, type ContextEntry, type ContextManifest } from "./context.ts";

/**
 * The context entries of the programs to bake in: the whole folder of each program's `bin`, and a link to the program.
 * @throws BaseImageError when a package is not installed beside the definition, has no `bin`, or is not bundled.
 */
export async function programContext(packages: readonly string[], folder: string): Promise<ContextManifest> {
  const contexts = await Promise.all(packages.map((name) => oneProgram(name, folder)));
  return mergeContexts(...contexts);
}

async function oneProgram(packageName: string, folder: string): Promise<ContextManifest> {
  const packageFile = locatePackage(packageName, folder);
  const { name, file } = await readBin(packageName, packageFile);
  await access(file).catch((cause: unknown) => {
    throw missing(`${packageName} has no program at ${file}; it is made when the package is bundled`, cause);
  });
  const root = PROGRAMS_PATH.replace(/\/$/, "");
  const link: ContextEntry = {
    path: `${root}/bin/${name}`,
    kind: "link",
    mode: 0o777,
    size: 0,
    content: `../lib/slipway/${name}/${basename(file)}`,
    source: "",
  };
  return mergeContexts(await readTree(dirname(file), `${root}/lib/slipway/${name}`), manifest([link]));
}

function locatePackage(packageName: string, folder: string): string {
  try {
    return createRequire(join(folder, "definition.js")).resolve(`${packageName}/package.json`);
  } catch (cause) {
    throw missing(`the package ${packageName} is not installed where ${folder} can find it`, cause);
  }
}

async function readBin(packageName: string, packageFile: string): Promise<{ name: string; file: string }> {
  const { bin }: { bin?: string | Record<string, string> } = JSON.parse(await readFile(packageFile, "utf8"));
  const unscoped = packageName.split("/").at(-1) ?? packageName;
  const [name, path] = typeof bin === "string" ? [unscoped, bin] : (Object.entries(bin ?? {})[0] ?? []);
  if (name === undefined || path === undefined)
    throw missing(`the package ${packageName} has no "bin" in ${packageFile}`);
  return { name, file: join(dirname(packageFile), path) };
}

function missing(message: string, cause?: unknown): BaseImageError {
  return new BaseImageError("BASE_IMAGE_PROGRAM_MISSING", message, { cause });
}
