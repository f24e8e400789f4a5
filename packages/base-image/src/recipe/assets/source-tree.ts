import { parseIgnore, type Ignore } from "../../stage/ignore.ts";

/** What lies in a Rails application's folder and is no source of it, as patterns of a .dockerignore. */
const NOT_SOURCE: readonly string[] = [
  ".git",
  ".bundle",
  ".slipway",
  "coverage",
  "log",
  "**/node_modules",
  "storage",
  "tmp",
  "vendor/bundle",
  "app/assets/builds/*",
  "!app/assets/builds/.keep",
  "public/assets",
  "public/packs*",
  "public/vite*",
  "public/.asset-receipt.json",
  // what nobody wants in a stage, not even in one that is thrown away
  ".env*",
  "config/master.key",
  "config/credentials/*.key",
];

/**
 * What of an application's folder is no source. Its .dockerignore counts as long as it names what to leave out; one that
 * lets only some paths through (`*` first) may itself follow from the inputs, and would hide what these lack.
 */
export function sourceIgnore(dockerignore = ""): Ignore {
  const lines = dockerignore.split("\n").map((line) => line.trim());
  const letsThrough = lines.some((line) => /^\/?\*{1,2}(?:\/\*)?$/.test(line));
  return parseIgnore([...(letsThrough ? [] : lines), ...NOT_SOURCE].join("\n"));
}
