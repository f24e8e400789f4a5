import { linePattern } from "./page.ts";

/**
 * The pattern of output that a page shows: `…` stands for anything within a line, as a line of its own for any lines, and what
 * `varies` matches is other in every run.
 */
export function transcriptPattern(shown: string, varies?: RegExp): RegExp {
  const lines = (varies === undefined ? shown : shown.replaceAll(varies, "…")).trimEnd().split("\n");
  return new RegExp(`^${lines.map((line) => (line === "…" ? "(?:.*\n)*?" : `${linePattern(line)}\n`)).join("")}$`);
}
