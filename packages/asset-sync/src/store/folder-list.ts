import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { errorCode, folderFailure } from "./folder-failure.ts";
import { compareKeys } from "./key-order.ts";
import type { KeyRange, ListedObject } from "./store.ts";

/** The objects of a folder store that lie in a range, in the order of their keys, as one page. */
export async function* listFolder(directory: string, range: KeyRange): AsyncIterable<readonly ListedObject[]> {
  const keys = (await keysBelow(directory, "", range.prefix))
    .filter((key) => isInside(key, range))
    .toSorted(compareKeys);
  const page = await Promise.all(
    keys.map(async (key) => ({ key, size: await sizeOf(join(directory, ...key.split("/"))) })),
  );
  const present = page.flatMap(({ key, size }) => (size === undefined ? [] : [{ key, size }]));
  if (present.length > 0) yield present;
}

async function keysBelow(directory: string, folder: string, prefix: string): Promise<readonly string[]> {
  const place = join(directory, folder);
  const entries = await readdir(place, { withFileTypes: true }).catch((error: unknown) => {
    if (["ENOENT", "ENOTDIR"].includes(errorCode(error))) return [];
    throw folderFailure(error, place);
  });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const key = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (!entry.isDirectory()) return [key];
      const within = `${key}/`;
      return within.startsWith(prefix) || prefix.startsWith(within) ? keysBelow(directory, key, prefix) : [];
    }),
  );
  return found.flat();
}

function isInside(key: string, { prefix, after, upTo }: KeyRange): boolean {
  if (!key.startsWith(prefix) || (after !== undefined && compareKeys(key, after) <= 0)) return false;
  return upTo === undefined || compareKeys(key, upTo) <= 0;
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    (error: unknown) => {
      if (errorCode(error) === "ENOENT") return undefined;
      throw folderFailure(error, path);
    },
  );
}
