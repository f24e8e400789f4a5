import { fileURLToPath } from "node:url";

import { assertKind } from "../dockerfile/value-kind.ts";

/** The path of a file that a definition names by its path or a file: URL. @throws BaseImageError for anything else. */
export function filePath(file: string | URL, call: string, what: string): string {
  const isFile = typeof file === "string" || (file instanceof URL && file.protocol === "file:");
  assertKind({ expected: "a path or a file: URL", holds: () => isFile }, file, call, what);
  return typeof file === "string" ? file : fileURLToPath(file);
}
