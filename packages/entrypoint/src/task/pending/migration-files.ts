import { readdirSync } from "node:fs";
import { basename } from "node:path";

/** How Rails names a migration: its version, its name, and the engine it was copied from (`ActiveRecord::Migration::MigrationFilenameRegexp`). */
const FILE_NAME = /^([0-9]+)_([_a-z0-9]*)\.?([_a-z0-9]*)?\.rb$/;

/** Versions of the migrations in a folder and below it, as Rails looks for them; `undefined` when there is no such folder. */
export function versionsIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((path) => {
      const [, version] = FILE_NAME.exec(basename(path)) ?? [];
      return version === undefined ? [] : [withoutZeros(version)];
    });
  } catch {
    return undefined;
  }
}

/** Rails compares versions as numbers: `001_create.rb` is recorded as `1`. */
export function withoutZeros(version: string): string {
  return version.replace(/^0+(?=\d)/, "");
}
