import { readArguments } from "./arguments.ts";
import { becomeProgram } from "./become.ts";
import type { EntrykitContext } from "./context.ts";
import { entrykitError, readOrFail } from "./failure.ts";
import { splitAtSpaces } from "./words.ts";
import type { EntrykitTask } from "./tasks.ts";

/**
 * `switch [[name=]task...] [-- program...]`: becomes the task whose name is the last word of the command line, else the
 * program.
 * @returns 0 when there is nothing to become
 * @throws EntrypointError of exit code 1 when what is chosen cannot be executed
 */
export async function switchCommand(context: EntrykitContext): Promise<number> {
  const { tasks, exec, options, warnings } = readArguments("switch", context.args, {
    env: context.env,
    readFile: readOrFail,
  });
  for (const warning of warnings) context.warn(warning);
  const chosen = chooseTask(tasks, context.args.at(-1));
  return becomeProgram(chosen ?? exec, { ...context, taskExitCode: options.taskExitCode });
}

/**
 * The words of the task that has this name; of several the last one.
 * @throws EntrypointError for a task without words: there is nothing to become
 */
export function chooseTask(tasks: readonly EntrykitTask[], word: string | undefined): readonly string[] | undefined {
  const task = tasks.findLast(({ name }) => name === word);
  if (task === undefined) return undefined;
  const words = splitAtSpaces(task.command);
  if (words.length === 0) throw entrykitError(`${task.name} has no program`);
  return words;
}
