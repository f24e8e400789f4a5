import type { LintLine } from "./lint-file.ts";

/** The words of the SHELL that runs an instruction. */
export function shellBefore(line: LintLine, chain: readonly LintLine[]): readonly string[] {
  const last = chain.slice(0, chain.indexOf(line)).findLast(({ name }) => name === "SHELL");
  return last?.words.map(({ text }) => text) ?? ["/bin/sh", "-c"];
}
