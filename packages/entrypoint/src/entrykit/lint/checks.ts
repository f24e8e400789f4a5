import { expandArgument } from "../expand.ts";
import { nameOfCommand } from "../names.ts";
import { readTask, type EntrykitTask } from "../tasks.ts";
import { splitWords } from "../words.ts";
import type { EntrykitCall } from "./entrykit-calls.ts";

/** The pieces of a call that a difference is about. */
export type Check = (call: EntrykitCall) => readonly string[];

/** For each difference that can be seen in a Dockerfile, where it is. */
export const CHECKS: Readonly<Record<string, Check>> = {
  "no-shell": (call) =>
    splitsTasks(call) ? tasksOf(call).flatMap(({ command }) => shellSyntax(command, call.first)) : [],
  "word-splitting": (call) =>
    splitsTasks(call)
      ? tasksOf(call).flatMap(({ command }) => command.match(/[^\s"']+(?:"[^"]*"|'[^']*')/g) ?? [])
      : [],
  "switch-words": (call) =>
    call.command === "switch" ? commandsOf(call).filter((command) => /["']/.test(command)) : [],
  "empty-task": (call) =>
    splitsTasks(call) ? wordsOf(call).filter((word) => word.endsWith("=") && isEmpty(word)) : [],
  "same-program": (call) =>
    repeated(tasksOf(call).flatMap(({ named, command }) => (named ? [] : [nameOfCommand(command)]))),
  "equals-in-task": (call) =>
    tasksOf(call).flatMap(({ named, command }) => (!named && command.includes("=") ? [command] : [])),
  "variable-as-name": (call) =>
    splitsTasks(call)
      ? tasksOf(call).flatMap(({ named, name }) => (named && /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(name) ? [name] : []))
      : [],
  expansion: (call) => expandedBy(call).filter((word) => /\$\{\w+[%#/^,!:@](?![-=?+])/.test(word) && isUnchanged(word)),
  "dollar-truncation": (call) => expandedBy(call).flatMap((word) => /(?<!\\)\$(?=[^A-Za-z_{])./.exec(word)?.[0] ?? []),
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

const SYNTAX = /&&|\|\|?|;|[<>]|\$\(|`|[*?]|(?<=\s)~\//;
const VARIABLE = /\$\w+|\$\{/;

/** What stands in quotes is not looked at: it may be a script of a shell that the task names. */
function shellSyntax(command: string, withVariables: boolean): readonly string[] {
  const bare = command.replaceAll(/"[^"]*"|'[^']*'/g, "");
  const found = SYNTAX.exec(bare) ?? (withVariables ? VARIABLE.exec(bare) : null);
  return found === null ? [] : [found[0]];
}

function isEmpty(word: string): boolean {
  return splitWords(readTask(word).command).length === 0;
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** The words that are expanded for the first time. */
function expandedBy({ exec, first }: EntrykitCall): readonly string[] {
  return first ? exec : [];
}

/** The words of the program that is none of entrykit's. */
function ownProgram({ exec, last }: EntrykitCall): readonly string[] {
  return last ? exec : [];
}

function isUnchanged(word: string): boolean {
  return expandArgument(word, {}).text === word;
}
