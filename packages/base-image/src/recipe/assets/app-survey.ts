import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { BaseImageError, isAbsence, isBaseImageError, reasonOf } from "../../errors.ts";
import { filePath } from "../file-path.ts";
import { sourceIgnore } from "./source-tree.ts";

/** What the folder of a Rails application holds, as far as its assets may depend on it. */
export interface AppSurvey {
  /** All source files, sorted, relative to the folder, with `/` between their parts. */
  readonly files: readonly string[];
  /** The text of those that say what else is read: configuration, tasks, scripts and stylesheets. */
  readonly texts: ReadonlyMap<string, string>;
  /** The version of each gem in the lock. */
  readonly gems: ReadonlyMap<string, string>;
  /** The range of each package that package.json names. */
  readonly packages: ReadonlyMap<string, string>;
}

/** Files of these kinds say which others they read. */
const TELLING =
  /(?:\.(?:rb|rake|ya?ml|json|[cm]?[jt]sx?|s?css|sass|less|erb|lock|locked)|(?:^|\/)(?:Rakefile|Gemfile))$/;

/** Where files tell anything about assets; everywhere else only names count. */
const PLACES = /^(?:[^/]+$|(?:config|bin|lib|app\/(?:assets|javascript|frontend)|vendor\/javascript)\/)/;

const LARGEST_TEXT = 512 * 1024;

/**
 * Looks through the folder of a Rails application: `surveyApp(new URL(".", import.meta.url))`.
 * @throws BaseImageError when it cannot be read.
 */
export function surveyApp(folder: string | URL): AppSurvey {
  const root = filePath(folder, "surveyApp()", "the folder");
  try {
    const files = sourceFiles(root);
    const telling = files.filter((file) => TELLING.test(file) && PLACES.test(file));
    const small = telling.filter((file) => statSync(join(root, file)).size <= LARGEST_TEXT);
    return surveyOf(files, new Map(small.map((file) => [file, readFileSync(join(root, file), "utf8")])));
  } catch (cause) {
    throw isBaseImageError(cause) ? cause : refused(`${root} cannot be read`, cause);
  }
}

/** The survey of an application with these files and texts. */
export function surveyOf(files: readonly string[], texts: ReadonlyMap<string, string>): AppSurvey {
  const lock = texts.get("Gemfile.lock") ?? texts.get("gems.locked") ?? "";
  const gems = [...lock.matchAll(/^ {4}([\w.-]+) \(([^)]+)\)/gm)].map(([, name = "", version = ""]) => [name, version]);
  return {
    files: files.toSorted(),
    texts,
    gems: new Map(gems.map(([name = "", version = ""]) => [name, version])),
    packages: new Map(packagesOf(texts.get("package.json") ?? "{}")),
  };
}

function packagesOf(text: string): readonly (readonly [string, string])[] {
  const manifest = parseManifest(text);
  if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest)) {
    throw refused(`package.json is ${text.trim()}; expected a JSON object`);
  }
  const fields = new Map<string, unknown>(Object.entries(manifest));
  return ["dependencies", "devDependencies", "optionalDependencies"].flatMap((key) =>
    Object.entries(fields.get(key) ?? {}).map(([name, range]) => [name, String(range)] as const),
  );
}

function sourceFiles(root: string): readonly string[] {
  const ignore = sourceIgnore(dockerignoreOf(root));
  const walk = (below: string): readonly string[] =>
    readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      const ignored = ignore.isIgnored(path);
      if (entry.isDirectory()) return ignored && !ignore.bringsBack ? [] : walk(path);
      return ignored ? [] : [path];
    });
  return walk("");
}

function parseManifest(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused("package.json is not JSON", cause);
  }
}

function dockerignoreOf(root: string): string {
  const file = join(root, ".dockerignore");
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    if (isAbsence(cause)) return "";
    throw refused(`${file} cannot be read`, cause);
  }
}

function refused(what: string, cause?: unknown): BaseImageError {
  const reason = cause === undefined ? "" : `: ${reasonOf(cause)}`;
  return new BaseImageError("BASE_IMAGE_FOLDER_UNREADABLE", `surveyApp(): ${what}${reason}`, { cause });
}
