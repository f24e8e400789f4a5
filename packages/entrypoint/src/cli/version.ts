import { readFileSync } from "node:fs";
import { join } from "node:path";

declare const __VERSION__: string | undefined;

/** The version of the package: put in by the bundler, read from package.json when run from source. */
export const VERSION: string = typeof __VERSION__ === "string" ? __VERSION__ : versionFromSource();

function versionFromSource(): string {
  const file = join(import.meta.dirname, "..", "..", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
