import type { EntrykitName } from "./names.ts";
import { readOptions, type EntrykitOptions } from "./options.ts";
import { lastOfEachName, readTask, tasksInEnvironment, tasksInFile, type EntrykitTask } from "./tasks.ts";

/** An entrykit command line, understood. */
export interface EntrykitArguments {
  /** In the order of declaration: file, environment, arguments. */
  readonly tasks: readonly EntrykitTask[];
  /** What follows the first `--`. */
  readonly exec: readonly string[];
  readonly options: EntrykitOptions;
  readonly warnings: readonly string[];
}

/** What the tasks of a command may come from beside its arguments. */
export interface EntrykitSources {
  readonly env: NodeJS.ProcessEnv;
  readonly readFile: (path: string) => string;
}

/**
 * Reads `[-e|-E|-p|-f FILE]... [[name=]task...] [-- exec...]`. Where it differs from entrykit is in the table of
 * differences: no task is lost, and the environment is read only when asked for.
 * @throws EntrypointError `ENTRYPOINT_ENTRYKIT_OPTION`
 */
export function readArguments(
  command: EntrykitName,
  args: readonly string[],
  sources: EntrykitSources,
): EntrykitArguments {
  const split = args.indexOf("--");
  const options = readOptions(command, split === -1 ? args : args.slice(0, split));
  const given = tasksFromSources(command, options, sources);
  const tasks = lastOfEachName([...given, ...options.words.map(readTask)]);
  return {
    tasks,
    exec: split === -1 ? [] : args.slice(split + 1),
    options,
    warnings: [...unimplemented(options), ...unreadEnvironment([command], options, sources.env)],
  };
}

/** The tasks of a command that are not among its arguments: the file's, then the environment's. */
export function tasksFromSources(
  command: EntrykitName,
  options: EntrykitOptions,
  sources: EntrykitSources,
): EntrykitTask[] {
  const prefix = options.prefix ?? (readsAnyway(options) ? "" : undefined);
  return lastOfEachName([
    ...(options.file === undefined ? [] : tasksInFile(command, sources.readFile(options.file))),
    ...(prefix === undefined ? [] : tasksInEnvironment(command, prefix, sources.env)),
  ]);
}

/** With `--compat`, no tasks means that the environment is read. */
function readsAnyway(options: EntrykitOptions): boolean {
  return options.compat && options.words.length === 0;
}

function unimplemented(options: EntrykitOptions): string[] {
  if (!options.unimplemented) return [];
  return ["-p flag not implemented yet; codep writes names before lines with --output prefixed"];
}

/** Warns of variables that entrykit would have taken for tasks because there are no others. */
export function unreadEnvironment(
  commands: readonly EntrykitName[],
  options: EntrykitOptions,
  env: NodeJS.ProcessEnv,
): string[] {
  if (options.prefix !== undefined || options.words.length > 0 || options.file !== undefined) return [];
  const found = Object.keys(env).filter((key) =>
    commands.some((command) => key.toLowerCase().startsWith(`${command}_`)),
  );
  if (found.length === 0) return [];
  const names = found.join(", ");
  if (options.compat) return [`${names} run because of --compat: whoever sets the environment chooses what runs`];
  return [`${names} not run: tasks are taken from the environment with -e or -E only`];
}
