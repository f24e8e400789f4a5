import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { BaseImageError, isAbsence, reasonOf } from "../errors.ts";
import type { Pins } from "../stage/pins.ts";

const FORMAT = "slipway-lock/1";
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The lock file of a definition file: `base-image.lock.json` beside `base-image.config.ts`. */
export function lockPath(definitionFile: string): string {
  const name = basename(definitionFile)
    .replace(/\.[cm]?[jt]s$/, "")
    .replace(/\.config$/, "");
  return join(dirname(definitionFile), `${name}.lock.json`);
}

/**
 * What a lock file pins; nothing where there is none.
 * @throws BaseImageError BASE_IMAGE_LOCK_FILE when it is there and is not what {@link writeLock} writes.
 */
export async function readLock(file: string): Promise<Pins> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (isAbsence(error)) return undefined;
    throw refused(file, `cannot be read: ${reasonOf(error)}`);
  });
  if (text === undefined) return new Map();
  const { format, images } = parse(file, text);
  if (format !== FORMAT)
    throw refused(file, `has the format ${JSON.stringify(format)}; expected ${JSON.stringify(FORMAT)}`);
  if (typeof images !== "object" || images === null) throw refused(file, "has no images");
  const pins = Object.entries(images);
  for (const [image, digest] of pins) {
    if (typeof digest === "string" && DIGEST.test(digest)) continue;
    throw refused(file, `pins ${image} to ${JSON.stringify(digest)}; expected sha256: and 64 hexadecimal digits`);
  }
  return new Map(pins as readonly (readonly [string, string])[]);
}

/** Writes a lock file, sorted by image, so that a change is a line. */
export async function writeLock(file: string, pins: Pins): Promise<void> {
  const images = Object.fromEntries([...pins].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(file, `${JSON.stringify({ format: FORMAT, images }, undefined, 2)}\n`).catch((cause: unknown) => {
    const message = `the lock file ${file} cannot be written: ${reasonOf(cause)}`;
    throw new BaseImageError("BASE_IMAGE_FILE_UNWRITABLE", message, { cause });
  });
}

function parse(file: string, text: string): { readonly format?: unknown; readonly images?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch (cause) {
    throw refused(file, `is not JSON: ${reasonOf(cause)}`);
  }
  throw refused(file, "is not an object");
}

function refused(file: string, what: string): BaseImageError {
  return new BaseImageError("BASE_IMAGE_LOCK_FILE", `the lock file ${file} ${what}`);
}
