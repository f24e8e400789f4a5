import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { messageOf } from "../../../errors.ts";
import { pathsBelow } from "../paths-below.ts";
import { addressOf } from "./address.ts";
import { readAppFile } from "./app-file.ts";
import type { DatabaseConfiguration } from "./configurations.ts";
import { readDatabases } from "./database-yml.ts";
import { engineFolders } from "./engines.ts";

/** A database of an app and the folders of its migrations. */
export interface AppDatabase {
  readonly name: string;
  readonly url: string;
  readonly folders: readonly Folder[];
}

/** A folder of migrations. One that `migrations_paths` names need not be there. */
export interface Folder {
  readonly path: string;
  readonly optional: boolean;
}

/** An app's databases, or why they cannot be told without Rails. */
export type Layout = { readonly databases: readonly AppDatabase[] } | { readonly unclear: string };

/** What a layout is read from. */
export interface LayoutSource {
  readonly root: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly railsEnv: string;
  /** Folders of migrations, when the definition names them: in place of `db/migrate`. */
  readonly paths: readonly string[];
  /** The only database, when the definition names it. */
  readonly database: string | undefined;
  /** The database where neither the app nor the environment names one. */
  readonly otherwise: string | undefined;
}

/**
 * What in an app's configuration changes where databases or migrations are, or how they are recorded: a text that stands in
 * the file of every match, the pattern, and what it does.
 */
const SIGNS: readonly (readonly [string, RegExp, string])[] = [
  ["db/migrate", /paths\s*(\.add)?\s*[[(]\s*["']db\/migrate/, "sets the paths of migrations"],
  ["config/database", /paths\s*(\.add)?\s*[[(]\s*["']config\/database/, "sets the path of database.yml"],
  ["migrations_paths", /migrations_paths/, "sets migrations_paths"],
  ["table_name", /schema_migrations_table_name|table_name_prefix|table_name_suffix/, "names the table of versions"],
];

/** Reads the layout of the Rails app in a folder, conservatively: whatever is not plain is left to Rails. */
export async function readLayout(source: LayoutSource): Promise<Layout> {
  try {
    const shared = sharedFolders(source);
    if ("unclear" in shared) return shared;
    return await databasesOf(source, shared.folders);
  } catch (error) {
    return { unclear: messageOf(error) };
  }
}

type Shared = { readonly folders: readonly Folder[] } | { readonly unclear: string };

function required(folders: readonly string[]): Shared {
  return { folders: folders.map((path) => ({ path, optional: false })) };
}

/** The folders of all databases that name none of their own. */
function sharedFolders({ root, env, paths }: LayoutSource): Shared {
  if (paths.length > 0) return required(paths.map((path) => resolve(root, path)));
  const sign = configurationFiles(root).flatMap((file) => signsIn(root, file))[0];
  if (sign !== undefined) return { unclear: sign };
  const engines = engineFolders(root, env);
  return "unclear" in engines ? engines : required([join(root, "db/migrate"), ...engines.folders]);
}

async function databasesOf(source: LayoutSource, shared: readonly Folder[]): Promise<Layout> {
  const { root, env, railsEnv, database, otherwise } = source;
  if (database !== undefined) return { databases: [{ name: "primary", url: database, folders: shared }] };
  const read = await readDatabases(root, railsEnv, env);
  if ("unclear" in read) return read;
  const [first] = read.databases;
  if (read.databases.length === 1 && Object.keys(first?.values ?? {}).length === 0) {
    if (otherwise === undefined) return { unclear: "no database is named (`database`, DATABASE_URL)" };
    return { databases: [{ name: "primary", url: otherwise, folders: shared }] };
  }
  const databases: AppDatabase[] = [];
  for (const configuration of read.databases) {
    const address = addressOf(configuration, env);
    if ("unclear" in address) return address;
    const folders = ownFolders(configuration, root) ?? shared;
    databases.push({ name: configuration.name, url: address.url, folders });
  }
  return { databases };
}

function ownFolders({ values }: DatabaseConfiguration, root: string): readonly Folder[] | undefined {
  const paths = values["migrations_paths"];
  if (paths === undefined || paths === null) return undefined;
  const all: readonly unknown[] = [paths].flat();
  if (!all.every((path) => typeof path === "string")) throw new Error("migrations_paths are no paths");
  return all.map((path) => ({ path: resolve(root, path), optional: true }));
}

function configurationFiles(root: string): readonly string[] {
  const below = (folder: string): readonly string[] =>
    existsSync(join(root, folder)) ? pathsBelow(join(root, folder)).map((path) => `${folder}/${path}`) : [];
  const all = ["config/application.rb", ...below("config/environments"), ...below("config/initializers")];
  return all.filter((file) => file.endsWith(".rb") && existsSync(`${root}/${file}`));
}

function signsIn(root: string, file: string): readonly string[] {
  const text = readAppFile(root, file);
  // Most files have none of the texts, and to look for a pattern takes a hundred times as long.
  const likely = SIGNS.filter(([part]) => text.includes(part));
  if (likely.length === 0) return [];
  const code = text.replace(/^\s*#.*$/gm, "");
  return likely.filter(([, pattern]) => pattern.test(code)).map(([, , does]) => `${file} ${does}`);
}
