import { readdirSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";

import { reasonOf } from "../failure.ts";
import { FunctionFailure } from "./function-table.ts";

/** The files that a template may look at. */
export interface TemplateFiles {
  /** Where a name is found: in the working directory, then in the folders of the templates that are being included. */
  find(path: string): string | undefined;
  /** @throws FunctionFailure */
  read(path: string): string;
  /** Names in a folder, in order. @throws FunctionFailure */
  list(path: string, wanted: "all" | "folders" | "files"): readonly string[];
}

/** The real files, with these folders searched after the working directory. */
export function realFiles(folders: readonly string[] = []): TemplateFiles {
  return {
    find: (path) => {
      const candidates = isAbsolute(path) ? [path] : [path, ...folders.map((folder) => join(folder, path))];
      return candidates.find((candidate) => statSync(candidate, { throwIfNoEntry: false }) !== undefined);
    },
    read: (path) => attempt("open", path, () => readFileSync(path, "utf8")),
    list: (path, wanted) =>
      attempt("open", path, () => readdirSync(path, { withFileTypes: true }))
        .filter((entry) => wanted === "all" || entry.isDirectory() === (wanted === "folders"))
        .map((entry) => entry.name)
        .toSorted((a, b) => (a < b ? -1 : 1)),
  };
}

function attempt<T>(verb: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FunctionFailure(`${verb} ${path}: ${reasonOf(error)}`);
  }
}
