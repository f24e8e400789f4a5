import { join } from "node:path";

import { BaseImageError, isBaseImageError } from "../errors.ts";
import type { Database } from "../recipe/databases.ts";
import type { RubyNodeInput } from "../recipe/ruby-node-input.ts";
import { readRubyNode } from "../recipe/ruby-node-options.ts";
import { readIfThere, readManifest } from "./manifest.ts";

/** A version a folder asks for, or why there is none. */
export interface FoundVersion {
  readonly version: string | undefined;
  /** `from FILE`, or what is in the way. */
  readonly note: string;
}

/** What a folder says about the versions it wants; nothing where it says nothing. */
export interface FolderSurvey {
  readonly ruby: FoundVersion;
  readonly node: FoundVersion;
  readonly packageManager: string | undefined;
  readonly bundledWith: string | undefined;
  readonly databases: readonly Database[];
}

/** What a definition begins with where the folder names no version. */
export const DEFAULTS: Pick<RubyNodeInput, "ruby" | "node" | "suite"> = { ruby: "3.4", node: "24", suite: "trixie" };

/** Gems that need a database's client library. */
const DATABASE_GEMS: Readonly<Record<string, Database>> = {
  mysql2: "mysql",
  trilogy: "mysql",
  pg: "postgresql",
  sqlite3: "sqlite",
};

/**
 * Reads `.ruby-version`, `.node-version`, `Gemfile.lock` and `package.json`.
 * @throws BaseImageError when one cannot be read, or names a version that `rubyNode` refuses.
 */
export async function surveyFolder(folder: string): Promise<FolderSurvey> {
  const [ruby, node, lock = ""] = await Promise.all(
    [".ruby-version", ".node-version", "Gemfile.lock"].map((name) => readIfThere(join(folder, name))),
  );
  const manager = (await readManifest(folder))?.["packageManager"];
  const gems = [...lock.matchAll(/^ {4}([\w-]+) \(/gm)].map((match) => match[1] ?? "");
  const survey = {
    ruby: rubyVersion(readVersion(".ruby-version", ruby), lock),
    node: readVersion(".node-version", node),
    packageManager: typeof manager === "string" ? manager.replace(/\+.*/, "") : JSON.stringify(manager),
    bundledWith: /^BUNDLED WITH\s+(\S+)/m.exec(lock)?.[1],
    databases: [...new Set(gems.flatMap((gem) => DATABASE_GEMS[gem] ?? []))],
  };
  assertUsable(survey);
  return survey;
}

/** `3.3.8`, `ruby-3.3.8`, `ruby-3.3.8@gemset`, `3.3.8p144`, `v24`. */
function readVersion(file: string, text: string | undefined): FoundVersion {
  if (text === undefined) return { version: undefined, note: `no ${file} here` };
  const line = text.trim().split("\n", 1)[0] ?? "";
  const version = /^(?:ruby-|v)?(\d+(?:\.\d+){0,2})(?:p\d+)?(?:@\S+)?$/.exec(line.trim())?.[1];
  if (version !== undefined) return { version, note: `from ${file}` };
  return { version, note: `${file} holds ${JSON.stringify(line)}, which names no version` };
}

function rubyVersion(found: FoundVersion, lock: string): FoundVersion {
  if (found.version !== undefined) return found;
  const version = /^RUBY VERSION\s+ruby (\d+(?:\.\d+){0,2})(?:p\d+)?$/m.exec(lock)?.[1];
  return version === undefined ? found : { version, note: "from Gemfile.lock" };
}

/** Refuses what `rubyNode` would refuse, and says which file it comes from. */
function assertUsable({ ruby, node, packageManager, bundledWith }: FolderSurvey): void {
  let input = DEFAULTS as RubyNodeInput;
  const steps: readonly (readonly [string, Partial<RubyNodeInput>])[] = [
    [ruby.note.replace("from ", ""), ruby.version === undefined ? {} : { ruby: ruby.version }],
    [".node-version", node.version === undefined ? {} : { node: node.version }],
    ["package.json", packageManager === undefined ? {} : { packageManager }],
    ["Gemfile.lock", bundledWith === undefined ? {} : { bundler: bundledWith }],
  ];
  for (const [file, step] of steps) {
    input = { ...input, ...step };
    try {
      readRubyNode(input);
    } catch (cause) {
      if (!isBaseImageError(cause)) throw cause;
      const message = `${file}: ${cause.message.replace("rubyNode: ", "")}`;
      throw new BaseImageError(cause.code, message, { hint: cause.hint, cause });
    }
  }
}
