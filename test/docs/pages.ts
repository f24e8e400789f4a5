import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { outputOf } from "@slipway/testkit";

const ROOT = join(import.meta.dirname, "../..");

/** A page of the repository that people read. */
export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every Markdown file but changesets. */
export const PAGES: readonly Page[] = outputOf(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
  { cwd: ROOT },
)
  .split("\n")
  .filter((path) => path !== "" && !path.startsWith(".changeset/") && existsSync(join(ROOT, path)))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));

/** The page at a path. */
export const pageAt = (path: string): Page | undefined => PAGES.find((page) => page.path === path);
