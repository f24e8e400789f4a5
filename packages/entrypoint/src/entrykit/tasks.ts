import { nameOfCommand, type EntrykitName } from "./names.ts";

/** A task of an entrykit command. */
export interface EntrykitTask {
  /** The one it was given, or that of its program. */
  readonly name: string;
  /** It was given its name: another task of the same name replaces it. */
  readonly named: boolean;
  readonly command: string;
}

const NAMED = /^([A-Za-z_][A-Za-z0-9_.:-]*)=(.*)$/s;

/** `name=task`, where the name is a word such as `db:migrate`; anything else is a task without a name (`env A=b program`). */
export function readTask(word: string): EntrykitTask {
  const [, name, command] = NAMED.exec(word) ?? [];
  if (name !== undefined && command !== undefined) return { name, named: true, command };
  return { name: nameOfCommand(word), named: false, command: word };
}

/** Tasks of a command in the environment, as `COMMAND_NAME=task`, in capitals or not. */
export function tasksInEnvironment(command: EntrykitName, prefix: "" | "EK_", env: NodeJS.ProcessEnv): EntrykitTask[] {
  return tasksOf(`${prefix}${command}_`, Object.entries(env));
}

/** Tasks of a command in a file of `COMMAND_NAME=task` lines; every other line is left alone. */
export function tasksInFile(command: EntrykitName, text: string): EntrykitTask[] {
  const pairs = text.split("\n").map((line): [string, string] => {
    const at = line.indexOf("=");
    return at === -1 ? ["", ""] : [line.slice(0, at), line.slice(at + 1).replace(/\r$/, "")];
  });
  return tasksOf(`${command}_`, pairs);
}

function tasksOf(prefix: string, pairs: readonly (readonly [string, string | undefined])[]): EntrykitTask[] {
  const start = prefix.toLowerCase();
  return pairs.flatMap(([key, value]) => {
    const lower = key.toLowerCase();
    if (!lower.startsWith(start) || value === undefined) return [];
    return [{ name: lower.slice(start.length), named: true, command: value }];
  });
}

/** A name given on purpose twice: the later task replaces the earlier one, in its place. */
export function lastOfEachName(tasks: readonly EntrykitTask[]): EntrykitTask[] {
  const kept: EntrykitTask[] = [];
  for (const task of tasks) {
    const same = task.named ? kept.findIndex((other) => other.named && other.name === task.name) : -1;
    if (same === -1) kept.push(task);
    else kept[same] = task;
  }
  return kept;
}
