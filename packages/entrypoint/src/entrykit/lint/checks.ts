import { expandArgument } from "../expand.ts";
import { nameOfCommand } from "../names.ts";
import { readTask, type EntrykitTask } from "../tasks.ts";
import { splitWords } from "../words.ts";
import type { EntrykitCall } from "./entrykit-calls.ts";

/** The pieces of a call that a difference is about. */
export type Check = (call: EntrykitCall) => readonly string[];

/** For each difference that can be seen in a Dockerfile, where it is. */
export const CHECKS: Readonly<Record<string, Check>> = {
  "no-shell": (call) => (splitsTasks(call) ? tasksOf(call).flatMap(({ command }) => shellSyntax(command)) : []),
  "word-splitting": (call) =>
    splitsTasks(call)
      ? tasksOf(call).flatMap(({ command }) => command.match(/[^\s"']+(?:"[^"]*"|'[^']*')/g) ?? [])
      : [],
  "switch-words": (call) =>
    call.command === "switch" ? commandsOf(call).filter((command) => /["']/.test(command)) : [],
  "empty-task": (call) =>
    splitsTasks(call) ? wordsOf(call).filter((word) => word.endsWith("=") && isEmpty(word)) : [],
  "same-program": (call) => repeated(tasksOf(call).flatMap(({ named, command }) => (named ? [] : [nameOf(command)]))),
  "equals-in-task": (call) =>
    tasksOf(call).flatMap(({ named, command }) => (!named && command.includes("=") ? [command] : [])),
  "variable-as-name": (call) =>
    splitsTasks(call)
      ? tasksOf(call).flatMap(({ named, name }) => (named && /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(name) ? [name] : []))
      : [],
  expansion: (call) => ownProgram(call).filter((word) => /\$\{\w+[%#/^,!:@](?![-=?+])/.test(word) && isUnchanged(word)),
  "dollar-truncation": (call) => ownProgram(call).flatMap((word) => /(?<!\\)\$(?=[^A-Za-z_{])./.exec(word)?.[0] ?? []),
  "program-lookup": (call) =>
    ownProgram(call)
      .slice(0, 1)
      .filter((word) => word.includes("$")),
  "environment-without-tasks": (call) =>
    call.command !== "entrykit" &&
    wordsOf(call).length === 0 &&
    !call.own.some((word) => ["-e", "-E", "-f"].includes(word))
      ? [call.command]
      : [],
  "prefix-option": (call) => call.own.filter((word) => word === "-p"),
  "entrykit-skips-hooks": (call) =>
    call.command === "entrykit" ? call.variables.filter((name) => /^(EK_)?PREHOOK_/i.test(name)) : [],
  "missing-separator": (call) =>
    call.last && !call.separated && wordsOf(call).length > 0 && (call.hasCmd || call.command !== "codep")
      ? [call.command]
      : [],
};

function splitsTasks({ command }: EntrykitCall): boolean {
  return command === "prehook" || command === "codep";
}

function wordsOf({ own }: EntrykitCall): readonly string[] {
  return own.filter((word, index) => word !== "" && !word.startsWith("-") && own[index - 1] !== "-f");
}

function tasksOf(call: EntrykitCall): readonly EntrykitTask[] {
  return wordsOf(call).map(readTask);
}

function commandsOf(call: EntrykitCall): readonly string[] {
  return tasksOf(call).map(({ command }) => command);
}

/** A task that is a shell's script is one word of it; what stands in quotes is not looked at. */
function shellSyntax(command: string): readonly string[] {
  const bare = command.replaceAll(/"[^"]*"|'[^']*'/g, "");
  const found = /(?:&&|\|\|?|;|[<>]|\$\(|`|\$\w+|\$\{|[*?]|(?<=\s)~\/)/.exec(bare);
  return found === null ? [] : [found[0]];
}

function isEmpty(word: string): boolean {
  return splitWords(readTask(word).command).length === 0;
}

function nameOf(command: string): string {
  return nameOfCommand(command);
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** The words after `--` up to the next `--`: those that this call alone expands. */
function ownProgram({ exec, last }: EntrykitCall): readonly string[] {
  return last ? exec : [];
}

function isUnchanged(word: string): boolean {
  return expandArgument(word, {}).text === word;
}
