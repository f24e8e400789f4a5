import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";

import { pathsBelow } from "../paths-below.ts";

/** Folders of migrations that engines add to the app's own, or why that cannot be told without Rails. */
export type EngineFolders = { readonly folders: readonly string[] } | { readonly unclear: string };

/** Folders that an app's own engines commonly lie in. */
const PLACES = ["engines", "components", "packs", join("vendor", "engines")];

/** How an engine adds its folder to those of the app. */
const ADDS = /app\.config\.paths\[\s*["']db\/migrate["']\s*\]\s*(?:<<|\.push|\.concat|\.unshift|\+=)/;
const MENTIONS = /["']db\/migrate["']/;

/** Rails' own engines: their installers copy their migrations into the app, and to read their hundred files takes a start milliseconds. */
const RAILS_OWN: ReadonlySet<string> = new Set(["actionmailbox", "actiontext", "activestorage"]);

/**
 * The migrations of the app's own engines, and of those among its gems. An engine that does not add its folder has its
 * migrations copied into the app, where they are found.
 */
export function engineFolders(root: string, env: Readonly<NodeJS.ProcessEnv>): EngineFolders {
  const lock = readIfThere(join(root, "Gemfile.lock"));
  const local = [...PLACES.flatMap((place) => foldersIn(join(root, place))), ...pathsOf(lock, root)];
  const folders: string[] = [];
  for (const engine of new Set(local)) {
    const folder = join(engine, "db/migrate");
    if (!existsSync(folder)) continue;
    const ruby = rubyOf(engine);
    if (ADDS.test(ruby)) folders.push(folder);
    else if (ruby === "" || MENTIONS.test(ruby)) {
      return { unclear: `${relative(root, folder)} is an engine's: name all folders in \`paths\`` };
    }
  }
  const gems = gemsIn(lock);
  const gem = gemsOf(root, env).find((path) => isLocked(path, gems, lock) && addsMigrations(path));
  if (gem !== undefined) {
    return { unclear: `the gem ${basename(gem)} brings migrations: name all folders in \`paths\`` };
  }
  return { folders };
}

/** The remotes of a lock file's PATH sections. */
function pathsOf(lock: string, root: string): readonly string[] {
  return [...lock.matchAll(/^PATH\n {2}remote: (.+)$/gm)].map(([, path = ""]) => join(root, path));
}

/** The folders of the app's gems, as RubyGems names them: with the version, and the platform of those built for one. */
function gemsIn(lock: string): ReadonlySet<string> {
  const specs = [...lock.matchAll(/^ {4}(\S+) \((.+)\)$/gm)].filter(([, name = ""]) => !RAILS_OWN.has(name));
  return new Set(specs.map(([, name = "", version = ""]) => `${name}-${version}`));
}

/** Whether an installed gem is one of the app's. Bundler names one from Git after the beginning of its revision. */
function isLocked(path: string, gems: ReadonlySet<string>, lock: string): boolean {
  const file = basename(path);
  return gems.has(file) || lock.includes(`\n  revision: ${file.slice(file.lastIndexOf("-") + 1)}`);
}

function addsMigrations(gem: string): boolean {
  return existsSync(`${gem}/db/migrate`) && ADDS.test(rubyOf(gem));
}

/** Installed gems, wherever Bundler and RubyGems are told to keep them. */
function gemsOf(root: string, env: Readonly<NodeJS.ProcessEnv>): readonly string[] {
  const homes = [env["GEM_HOME"], env["BUNDLE_PATH"], join(root, "vendor/bundle")].flatMap((path) => path ?? []);
  const below = homes.flatMap((home) => [home, ...foldersIn(join(home, "ruby"))]);
  return [...new Set(below)].flatMap((home) => [
    ...foldersIn(join(home, "gems")),
    ...foldersIn(join(home, "bundler/gems")),
  ]);
}

/** All Ruby in an engine's `lib` and `config`, where it may add to the app. */
function rubyOf(engine: string): string {
  return ["lib", "config"]
    .flatMap((part) => rubyFilesIn(join(engine, part)))
    .map(readIfThere)
    .join("\n");
}

function rubyFilesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return pathsBelow(folder)
    .filter((path) => path.endsWith(".rb"))
    .map((path) => join(folder, path));
}

/** Put together without `join`, which goes through every character: an app has a hundred gems. */
function foldersIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`) : [];
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
