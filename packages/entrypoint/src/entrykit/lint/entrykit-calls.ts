import { basename } from "node:path";

import { INITS } from "../../process/plan-hand-over.ts";
import { isEntrykitName, type EntrykitName } from "../names.ts";
import type { DockerfileStart, StartLine } from "./dockerfile-starts.ts";

/** A call of an entrykit command in an image's start. */
export interface EntrykitCall {
  readonly line: number;
  readonly command: EntrykitName;
  /** What stands before `--`. */
  readonly own: readonly string[];
  /** There is a `--`. */
  readonly separated: boolean;
  /** What follows the `--`, with CMD. */
  readonly exec: readonly string[];
  /** Nothing has expanded its words; those of every later call were expanded by the one before. */
  readonly first: boolean;
  /** It is the last call of ENTRYPOINT. */
  readonly last: boolean;
  readonly hasCmd: boolean;
  readonly variables: readonly string[];
}

/** The calls of a start, chained by `--`. */
export function entrykitCalls({ entrypoint, cmd, variables }: DockerfileStart): readonly EntrykitCall[] {
  const line = entrypoint ?? cmd;
  if (line === undefined || line.form === "shell") return [];
  const hasCmd = entrypoint !== undefined && cmd !== undefined;
  const after = hasCmd && cmd.form === "exec" ? cmd.words : [];
  return chainOf(line.words).map(({ command, args, last }, index) => {
    const split = args.indexOf("--");
    const separated = split !== -1;
    const own = separated ? args.slice(0, split) : args;
    const exec = separated ? [...args.slice(split + 1), ...after] : [];
    return { line: line.line, command, own, separated, exec, first: index === 0, last, hasCmd, variables };
  });
}

interface Link {
  readonly command: EntrykitName;
  readonly args: readonly string[];
  readonly last: boolean;
}

function chainOf(words: readonly string[]): readonly Link[] {
  const [program = "", ...args] = beginning(words);
  const command = basename(program);
  if (!isEntrykitName(command)) return [];
  const following = chainOf(afterSeparator(args));
  return [{ command, args, last: following.length === 0 }, ...following];
}

/** Whether the words of a line in shell form, or its first word, are a call. */
export function isEntrykitText({ words }: StartLine): boolean {
  const [program = ""] = (words[0] ?? "").replace(/^exec\s+/, "").split(/\s+/);
  return isEntrykitName(basename(program));
}

/** From the first entrykit command on, which may stand behind the `--` of an init. */
function beginning(words: readonly string[]): readonly string[] {
  if (isEntrykitName(basename(words[0] ?? ""))) return words;
  return INITS.has(basename(words[0] ?? "")) ? afterSeparator(words) : [];
}

function afterSeparator(words: readonly string[]): readonly string[] {
  const split = words.indexOf("--");
  return split === -1 ? [] : words.slice(split + 1);
}
