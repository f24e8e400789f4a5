import { commandBlocks, commandLines } from "./blocks.ts";
import type { Page } from "./pages.ts";

/** A call of one of our programs as a page shows it. */
export interface ShownCall {
  readonly program: string;
  readonly verb: string;
  readonly flags: readonly string[];
}

/** The calls in the blocks of commands of a page. */
export function shownCalls(page: Page, programs: readonly string[]): readonly ShownCall[] {
  return commandBlocks(page)
    .flatMap((block) => commandLines(block))
    .flatMap((line) => callsIn(line, programs));
}

/**
 * The calls in a command line: of a program by its name with a verb after it, wherever it stands. What comes after `--`, a pipe or a
 * redirection is another program's.
 */
export function callsIn(line: string, programs: readonly string[]): readonly ShownCall[] {
  return line.split(/[|;>]|&&/).flatMap((command) => callsOf(command, programs));
}

function callsOf(command: string, programs: readonly string[]): readonly ShownCall[] {
  const words = command.trim().split(/\s+/);
  const own = words.slice(0, words.includes("--") ? words.indexOf("--") : undefined);
  const at = own.findIndex((word, index) => programs.includes(word) && own[index - 1] !== "--entrypoint");
  const rest = own.slice(at + 1);
  const verb = rest.find(
    (word, index) => /^[a-z][a-z-]*$/.test(word) && !/^--(config|image)$/.test(rest[index - 1] ?? ""),
  );
  if (at === -1 || verb === undefined) return [];
  const flags = rest.filter((word) => word.startsWith("--")).map((word) => word.replace(/=.*/, ""));
  return [{ program: own[at] ?? "", verb, flags }];
}
