import { EntrypointError } from "../errors.ts";

/** A task of an entrykit command. */
export interface EntrykitTask {
  /** The name it was given, `undefined` when it was given none. */
  readonly name: string | undefined;
  readonly command: string;
}

/** An entrykit command line, understood. */
export interface EntrykitArguments {
  /** In the order of declaration: file, environment, arguments. */
  readonly tasks: readonly EntrykitTask[];
  /** What follows the first `--`. */
  readonly exec: readonly string[];
  readonly warnings: readonly string[];
}

/** What the tasks of a command may come from beside its arguments. */
export interface EntrykitSources {
  readonly env: NodeJS.ProcessEnv;
  readonly readFile: (path: string) => string;
}

const NAMED = /^([A-Za-z_][A-Za-z0-9_-]*)=(.*)$/s;

/**
 * Reads `[-e|-E|-p|-f FILE]... [[name=]task...] [-- exec...]`.
 *
 * Differs from entrykit where that one loses tasks: order is that of declaration, unnamed tasks never replace each other,
 * and a task with `=` is named only when an identifier stands before it (`env A=b cmd` is a whole task). The environment
 * is read with `-e` or `-E` only, never because there are no tasks.
 * @throws EntrypointError `ENTRYPOINT_ENTRYKIT_OPTION`
 */
export function readArguments(command: string, args: readonly string[], sources: EntrykitSources): EntrykitArguments {
  const split = args.indexOf("--");
  const own = split === -1 ? args : args.slice(0, split);
  const exec = split === -1 ? [] : args.slice(split + 1);
  const options = readOptions(own);
  const fromFile = options.file === undefined ? [] : readTaskFile(command, sources.readFile(options.file));
  const fromEnv = options.env === undefined ? [] : tasksOf(command, options.env, Object.entries(sources.env));
  const tasks = lastOfEachName([...fromFile, ...fromEnv, ...options.words.map(readTask)]);
  return { tasks, exec, warnings: [...options.warnings, ...unreadEnvironment(command, options, sources.env)] };
}

interface Options {
  readonly words: string[];
  readonly warnings: string[];
  env?: "" | "EK_";
  file?: string;
}

function readOptions(own: readonly string[]): Options {
  const options: Options = { words: [], warnings: [] };
  const rest = [...own];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "-e") options.env = "";
    else if (word === "-E") options.env = "EK_";
    else if (word === "-p") options.warnings.push("-p flag not implemented yet");
    else if (word === "-f") options.file = fileOf(rest);
    else if (word.startsWith("-")) throw optionError(`Unknown option ${word}`);
    else if (word !== "") options.words.push(word);
  }
  return options;
}

function fileOf(rest: string[]): string {
  const file = rest.shift();
  if (file === undefined || file === "") throw optionError("-f needs the name of a file");
  return file;
}

function optionError(message: string): EntrypointError {
  return new EntrypointError("ENTRYPOINT_ENTRYKIT_OPTION", { message });
}

function readTask(word: string): EntrykitTask {
  const [, name, command] = NAMED.exec(word) ?? [];
  return name === undefined || command === undefined ? { name: undefined, command: word } : { name, command };
}

function readTaskFile(command: string, text: string): EntrykitTask[] {
  const pairs = text.split("\n").map((line): [string, string] => {
    const at = line.indexOf("=");
    return at === -1 ? ["", ""] : [line.slice(0, at), line.slice(at + 1).replace(/\r$/, "")];
  });
  return tasksOf(command, "", pairs);
}

function tasksOf(
  command: string,
  prefix: string,
  pairs: readonly (readonly [string, string | undefined])[],
): EntrykitTask[] {
  const start = `${prefix}${command}_`.toLowerCase();
  return pairs.flatMap(([key, value]) => {
    const lower = key.toLowerCase();
    return lower.startsWith(start) && value !== undefined ? [{ name: lower.slice(start.length), command: value }] : [];
  });
}

/** A name given on purpose twice replaces the earlier task in its place: arguments over environment over file. */
function lastOfEachName(tasks: readonly EntrykitTask[]): EntrykitTask[] {
  const kept: EntrykitTask[] = [];
  for (const task of tasks) {
    const same = task.name === undefined ? -1 : kept.findIndex((other) => other.name === task.name);
    if (same === -1) kept.push(task);
    else kept[same] = task;
  }
  return kept;
}

function unreadEnvironment(command: string, options: Options, env: NodeJS.ProcessEnv): string[] {
  if (options.env !== undefined || options.words.length > 0 || options.file !== undefined) return [];
  const unread = Object.keys(env).filter((key) => key.toLowerCase().startsWith(`${command}_`));
  if (unread.length === 0) return [];
  return [`${unread.join(", ")} not run: tasks are taken from the environment with -e or -E only`];
}
