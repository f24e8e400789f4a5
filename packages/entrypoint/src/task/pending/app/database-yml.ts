import { existsSync } from "node:fs";
import { join } from "node:path";

import { readAppFile } from "./app-file.ts";
import { configurationsOf, type DatabaseConfiguration } from "./configurations.ts";
import { renderErb } from "./erb.ts";
import { parsePlainYaml } from "./plain-yaml.ts";

const FILE = "config/database.yml";

/** The databases of an app, or why they cannot be told without Rails. */
export type Databases = { readonly databases: readonly DatabaseConfiguration[] } | { readonly unclear: string };

/** Reads the app's databases as Rails does. Without the file there is what the environment names. */
export async function readDatabases(
  root: string,
  railsEnv: string,
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<Databases> {
  if (!existsSync(join(root, FILE))) return { databases: configurationsOf({}, railsEnv, env) };
  const rendered = renderErb(readAppFile(root, FILE), { env, railsEnv });
  if ("unclear" in rendered) return { unclear: `${FILE}: ${rendered.unclear}` };
  try {
    const file = parsePlainYaml(rendered.text) ?? (await import("./whole-yaml.ts")).parseWholeYaml(rendered.text);
    if (file === null || file === undefined) return { databases: configurationsOf({}, railsEnv, env) };
    if (typeof file !== "object" || Array.isArray(file)) return { unclear: `${FILE} is no hash` };
    if ("shared" in file) return { unclear: `${FILE} has a shared section` };
    return { databases: configurationsOf({ ...file }, railsEnv, env) };
  } catch (error) {
    // A parser's message quotes the line, which may hold a password.
    const plain = error instanceof Error && error.constructor === Error;
    return { unclear: `${FILE}: ${plain ? error.message : "this is not the YAML that Rails reads"}` };
  }
}
