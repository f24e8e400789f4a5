import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";

import { BaseImageError, isAbsence, reasonOf } from "../errors.ts";
import { parseIgnore, type Ignore } from "../stage/ignore.ts";

/** One file, folder or link as the engine gets it: no time, no owner, and only the executable bit of its mode. */
export interface ContextEntry {
  /** Below the context, with `/` between its parts. */
  readonly path: string;
  readonly kind: "directory" | "file" | "link";
  readonly mode: number;
  readonly size: number;
  /** Hex sha256 of a file's content, the target of a link, or nothing. */
  readonly content: string;
  /** Where the content is on this machine. */
  readonly source: string;
}

/** Everything a build is given beside its Dockerfile, sorted by path. */
export interface ContextManifest {
  readonly entries: readonly ContextEntry[];
  readonly bytes: number;
}

const IGNORE_FILES = ["Dockerfile.dockerignore", ".dockerignore"];

/**
 * Reads a context folder, leaving out what its .dockerignore says. Without a folder the context is empty.
 * @throws BaseImageError BASE_IMAGE_CONTEXT_MISSING when it is no folder; BASE_IMAGE_CONTEXT_ENTRY naming what in it cannot
 * be read, or sent.
 */
export async function readContext(folder: string | undefined): Promise<ContextManifest> {
  if (folder === undefined) return manifest([]);
  const root = resolve(folder);
  const stats = await stat(root).catch(() => undefined);
  if (stats === undefined || !stats.isDirectory()) {
    throw new BaseImageError("BASE_IMAGE_CONTEXT_MISSING", `the build context ${root} is not a folder`);
  }
  return manifest(await walk(root, "", await readIgnore(root)));
}

/** One context of several; a path of a later one wins. */
export function mergeContexts(...contexts: readonly ContextManifest[]): ContextManifest {
  const byPath = new Map(contexts.flatMap(({ entries }) => entries).map((entry) => [entry.path, entry]));
  return manifest([...byPath.values()]);
}

const NOTHING: Ignore = { isIgnored: () => false, bringsBack: false };

/** Reads a folder, its own .dockerignore aside, and puts its entries below `prefix`. */
export async function readTree(folder: string, prefix: string, ignore: Ignore = NOTHING): Promise<ContextManifest> {
  const entries = await walk(folder, "", ignore);
  return manifest(entries.map((entry) => ({ ...entry, path: `${prefix}/${entry.path}` })));
}

/** A manifest of these entries and the folders above them. */
export function manifest(entries: readonly ContextEntry[]): ContextManifest {
  const paths = new Map(entries.map((entry) => [entry.path, entry]));
  for (const { path } of entries) {
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth += 1) {
      const parent = parts.slice(0, depth).join("/");
      if (!paths.has(parent)) paths.set(parent, directory(parent));
    }
  }
  const sorted = [...paths.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { entries: sorted, bytes: sorted.reduce((sum, { size }) => sum + size, 0) };
}

async function walk(root: string, below: string, ignore: Ignore): Promise<readonly ContextEntry[]> {
  const found: ContextEntry[] = [];
  const folder = join(root, below);
  for (const name of (await readdir(folder).catch(unreadable(folder))).toSorted()) {
    const path = below === "" ? name : `${below}/${name}`;
    if (ignore.isIgnored(path)) {
      if (ignore.bringsBack && (await isFolder(join(root, path)))) found.push(...(await walk(root, path, ignore)));
      continue;
    }
    const entry = await readEntry(root, path);
    found.push(entry);
    if (entry.kind === "directory") found.push(...(await walk(root, path, ignore)));
  }
  return found;
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(unreadable(path))).isDirectory();
}

async function readEntry(root: string, path: string): Promise<ContextEntry> {
  const source = join(root, path);
  const stats = await lstat(source).catch(unreadable(source));
  if (stats.isDirectory()) return directory(path);
  if (stats.isSymbolicLink()) {
    const content = await readlink(source).catch(unreadable(source));
    return { path, kind: "link", mode: 0o777, size: 0, content, source };
  }
  if (!stats.isFile()) {
    throw new BaseImageError("BASE_IMAGE_CONTEXT_ENTRY", `${source} is neither a file, a folder nor a link`);
  }
  const mode = (stats.mode & 0o111) === 0 ? 0o644 : 0o755;
  const content = await digest(source).catch(unreadable(source));
  return { path, kind: "file", mode, size: stats.size, content, source };
}

function directory(path: string): ContextEntry {
  return { path, kind: "directory", mode: 0o755, size: 0, content: "", source: "" };
}

async function digest(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

async function readIgnore(root: string): Promise<Ignore> {
  for (const name of IGNORE_FILES) {
    const file = join(root, name);
    const text = await readFile(file, "utf8").catch((cause: unknown) => {
      return isAbsence(cause) ? undefined : unreadable(file)(cause);
    });
    if (text !== undefined) return parseText(text, file);
  }
  return parseIgnore("");
}

/** Files come and go, and their owners may keep them to themselves. */
function unreadable(source: string): (cause: unknown) => never {
  return (cause) => {
    throw new BaseImageError("BASE_IMAGE_CONTEXT_ENTRY", `${source} cannot be read: ${reasonOf(cause)}`, { cause });
  };
}

function parseText(text: string, file: string): Ignore {
  try {
    return parseIgnore(text);
  } catch (cause) {
    const message = `${file} has a pattern that cannot be read: ${reasonOf(cause)}`;
    throw new BaseImageError("BASE_IMAGE_CONTEXT_ENTRY", message, { cause });
  }
}
