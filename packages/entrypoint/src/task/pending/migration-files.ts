import { basename } from "node:path";

import { pathsBelow } from "./paths-below.ts";

/** Which files Rails takes for migrations: `[0-9]*_*.rb` in each folder. */
const CANDIDATE = /^[0-9].*_.*\.rb$/s;

/** How Rails names a migration: its version, its name, and the engine it was copied from (`ActiveRecord::Migration::MigrationFilenameRegexp`). */
const FILE_NAME = /^([0-9]+)_([_a-z0-9]*)\.?([_a-z0-9]*)?\.rb$/;

/** Versions of migrations, or why Rails refuses their files. */
export type MigrationFiles = { readonly versions: readonly string[] } | { readonly unclear: string };

/** The migrations in a folder and below it, as Rails looks for them; `undefined` when there is no such folder. */
export function migrationsIn(folder: string): MigrationFiles | undefined {
  let names: readonly string[];
  try {
    names = pathsBelow(folder).map((path) => basename(path));
  } catch {
    return undefined;
  }
  const candidates = names.filter((name) => CANDIDATE.test(name));
  const wrong = candidates.find((name) => !FILE_NAME.test(name));
  if (wrong !== undefined) return { unclear: `${JSON.stringify(wrong)} is no name of a migration` };
  return { versions: candidates.map((name) => withoutZeros(name.replace(/_.*$/, ""))) };
}

/** The first version that several files have, which Rails refuses. */
export function duplicateOf(versions: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return versions.find((version) => seen.size === seen.add(version).size);
}

/** Rails compares versions as numbers: `001_create.rb` is recorded as `1`. */
export function withoutZeros(version: string): string {
  return version.replace(/^0+(?=\d)/, "");
}
