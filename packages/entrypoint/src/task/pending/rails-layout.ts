import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { messageOf } from "../../errors.ts";

/** Where an app's migrations are, or why that cannot be told without Rails. */
export type Layout = { readonly paths: readonly string[] } | { readonly unclear: string };

/** What in an app's configuration changes where migrations are or how they are recorded. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/paths\s*(\.add)?\s*[[(]\s*["']db\/migrate/, "sets the paths of migrations"],
  [/migrations_paths/, "sets migrations_paths"],
  [/schema_migrations_table_name|table_name_prefix|table_name_suffix/, "names the table of versions"],
];

/** Folders that engines of an app commonly lie in. */
const ENGINES = ["engines", "components", "packs", join("vendor", "engines")];

/**
 * Reads the layout of the Rails app in a folder, conservatively: whatever is not plain is left to Rails. With `paths` the
 * definition says it.
 */
export function readLayout(root: string, railsEnv: string, paths: readonly string[]): Layout {
  if (paths.length > 0) return { paths: paths.map((path) => join(root, path)) };
  try {
    const sign = configurationFiles(root).flatMap((file) => signsIn(root, file))[0];
    if (sign !== undefined) return { unclear: sign };
    const engine = ENGINES.flatMap((folder) => enginesIn(root, folder))[0];
    if (engine !== undefined) return { unclear: `${engine} is an engine's: name all folders in \`paths\`` };
    const databases = databasesIn(root, railsEnv);
    return databases ?? { paths: [join(root, "db/migrate")] };
  } catch (error) {
    return { unclear: messageOf(error) };
  }
}

function configurationFiles(root: string): readonly string[] {
  const below = (folder: string): string[] =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path))
      : [];
  const all = ["config/application.rb", ...below("config/environments"), ...below("config/initializers")];
  return all.filter((file) => file.endsWith(".rb") && existsSync(join(root, file)));
}

function signsIn(root: string, file: string): readonly string[] {
  const text = readFileSync(join(root, file), "utf8").replace(/^\s*#.*$/gm, "");
  return SIGNS.filter(([pattern]) => pattern.test(text)).map(([, does]) => `${file} ${does}`);
}

function enginesIn(root: string, folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder))
    .map((name) => join(folder, name, "db/migrate"))
    .filter((path) => existsSync(join(root, path)));
}

/** More than one database, or migrations elsewhere, are what only Rails reads out of config/database.yml. */
function databasesIn(root: string, railsEnv: string): Layout | undefined {
  const file = "config/database.yml";
  if (!existsSync(join(root, file))) return undefined;
  const section = sectionOf(readFileSync(join(root, file), "utf8"), railsEnv);
  if (section.some((line) => /^\s+[\w-]+:\s*(&\w+\s*)?$/.test(line)))
    return { unclear: `${file} has several databases` };
  if (section.some((line) => /migrations_paths|schema_dump|database_tasks/.test(line))) {
    return { unclear: `${file} sets migrations_paths or the like` };
  }
  return undefined;
}

/** The lines of a top-level key of YAML. */
function sectionOf(text: string, key: string): readonly string[] {
  const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line));
  const start = lines.findIndex((line) => line.startsWith(`${key}:`));
  if (start === -1) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^\S/.test(line));
  return end === -1 ? rest : rest.slice(0, end);
}
