import { readdirSync, readSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";

import { withRegularFile } from "../../process/regular-file.ts";
import { decodeBytes } from "../bytes.ts";
import { reasonOf } from "../failure.ts";
import { FunctionFailure } from "./function-table.ts";
import { LONGEST } from "./limits.ts";

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
    read: (path) => attempt("open", path, () => readText(path)),
    list: (path, wanted) =>
      attempt("open", path, () => readdirSync(path, { withFileTypes: true }))
        .filter((entry) => wanted === "all" || entry.isDirectory() === (wanted === "folders"))
        .map((entry) => entry.name)
        .toSorted((a, b) => (a < b ? -1 : 1)),
  };
}

const PIECE = 65_536;

/**
 * The text of a file that a template is or looks at.
 * @throws Error as {@link withRegularFile}; Error in words for one of more than {@link LONGEST} bytes
 */
export function readText(path: string): string {
  return withRegularFile(path, (fd) => decodeBytes(readAll(fd)));
}

/** The size of a file is not asked for: those of /proc say 0. */
function readAll(fd: number): Buffer {
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(PIECE);
    const count = readSync(fd, piece);
    if (count === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(0, count));
    length += count;
    if (length > LONGEST) throw new Error(`longer than ${String(LONGEST)} bytes`);
  }
}

function attempt<T>(verb: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FunctionFailure(`${verb} ${path}: ${reasonOf(error)}`);
  }
}
