import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";

import { packingOf } from "./asset-kind.ts";
import { isManifest } from "./manifest-file.ts";

/**
 * A file found, by its key (the path below the public folder, with slashes). `at` is the folder that it is really in,
 * with a separator at the end, where the file has the last name of the key there; else its whole path. Files share the
 * text of their folder, since a build has a hundred thousand of them.
 */
export interface FoundFile {
  readonly key: string;
  readonly at: string;
}

/** Where a file really is. */
export function pathOf({ key, at }: FoundFile): string {
  return at.endsWith(sep) ? at + key.slice(key.lastIndexOf("/") + 1) : at;
}

/** What a walk came back with; `refused` are sentences that name file and reason. */
export interface Walk {
  readonly files: readonly FoundFile[];
  readonly skipped: readonly string[];
  readonly refused: readonly string[];
}

/** Dot folders that belong to a build, as manifests do; any other (.DS_Store, .keep, .git) is nothing a browser asks for. */
const DOT_FOLDERS: ReadonlySet<string> = new Set([".vite", ".well-known"]);

interface Pending {
  readonly files: FoundFile[];
  readonly skipped: string[];
  readonly refused: string[];
  readonly roots: readonly string[];
}

/**
 * Walks the named folders below `publicDir`, following links that stay inside the tree; the folders themselves may be
 * links to anywhere in the app, which is the folder that holds the public one. Files come sorted by key.
 */
export async function walk(publicDir: string, dirs: readonly string[]): Promise<Walk> {
  const tops = await Promise.all(dirs.map((dir) => realpath(join(publicDir, dir))));
  const root = await realpath(publicDir);
  const app = dirname(root);
  const pending: Pending = { files: [], skipped: [], refused: [], roots: [root, ...tops] };
  for (const [index, dir] of dirs.entries()) {
    const top = tops[index] ?? join(publicDir, dir);
    if (!isWithin(top, root) && !isWithin(top, app)) {
      pending.refused.push(`${dir} is a link to ${top}, outside of the app folder ${app}`);
      continue;
    }
    await walkFolder(pending, dir.split(sep).join("/"), top, [top]);
  }
  const files = pending.files.toSorted((left, right) => (left.key < right.key ? -1 : 1));
  return { files, skipped: pending.skipped, refused: pending.refused };
}

/** `above` holds the real folders on the way here: a link to one of them would never end. */
async function walkFolder(pending: Pending, key: string, folder: string, above: readonly string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    pending.refused.push(`${key} cannot be read (${errorCode(error)})`);
    return [];
  });
  const at = folder + sep;
  for (const entry of entries) {
    const { name } = entry;
    // Not a template: V8 would keep such a text in two parts.
    const child = { key: [key, name].join("/"), at };
    if (isPassedOver(name)) {
      pending.skipped.push(child.key);
    } else if (entry.isSymbolicLink()) {
      await followLink(pending, child, above);
    } else if (entry.isDirectory()) {
      await walkFolder(pending, child.key, pathOf(child), [...above, pathOf(child)]);
    } else if (entry.isFile()) {
      pending.files.push(child);
    } else {
      pending.refused.push(`${child.key} is not a regular file`);
    }
  }
}

async function followLink(pending: Pending, link: FoundFile, above: readonly string[]): Promise<void> {
  const real = await realpath(pathOf(link)).catch(() => undefined);
  if (real === undefined) {
    pending.refused.push(`${link.key} is a link to nothing`);
    return;
  }
  if (!pending.roots.some((root) => isWithin(real, root))) {
    pending.refused.push(`${link.key} is a link to ${real}, outside of the public folder`);
    return;
  }
  const found = await stat(real);
  if (found.isFile()) {
    pending.files.push({ key: link.key, at: real });
  } else if (!found.isDirectory()) {
    pending.refused.push(`${link.key} is a link to something that is not a regular file`);
  } else if (above.includes(real)) {
    pending.refused.push(`${link.key} is a link to ${real}, a folder that holds the link`);
  } else {
    await walkFolder(pending, link.key, real, [...above, real]);
  }
}

/** Whether a real path is a folder or lies in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

/** Whether a walk leaves an entry of this name where it is. */
export function isPassedOver(name: string): boolean {
  return name.startsWith(".") && !DOT_FOLDERS.has(name) && !isManifest(packingOf(name).inner);
}

/** What the file system calls a failure, for example EACCES. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
