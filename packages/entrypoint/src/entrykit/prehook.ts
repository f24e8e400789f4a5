import { runCommand } from "../process/run-command.ts";
import { readArguments } from "./arguments.ts";
import { becomeProgram } from "./become.ts";
import type { EntrykitContext } from "./context.ts";
import { asEntrykit, readOrFail, taskFailure } from "./failure.ts";
import { splitWords } from "./words.ts";

/**
 * `prehook [[name=]task...] [-- program...]`: runs the tasks in their order, then becomes the program. An empty task is
 * nothing to do.
 * @returns 0 when there is nothing to become
 * @throws EntrypointError of exit code 1 for a task or program that fails or does not exist
 */
export async function prehook(context: EntrykitContext): Promise<number> {
  const { tasks, exec, options, warnings } = readArguments("prehook", context.args, {
    env: context.env,
    readFile: readOrFail,
  });
  for (const warning of warnings) context.warn(warning);
  const own = { ...context, taskExitCode: options.taskExitCode };
  for (const { command } of tasks) await runTask(command, own);
  return becomeProgram(exec, own);
}

async function runTask(task: string, { env, desk, taskExitCode = false }: EntrykitContext): Promise<void> {
  const argv = splitWords(task);
  const [name] = argv;
  if (name === undefined) return;
  const end = await runCommand({ argv, env, leashed: false }, desk).catch((error: unknown) => {
    throw asEntrykit(error, taskExitCode, name);
  });
  desk.check();
  if (end.exitCode !== 0) throw taskFailure(end, taskExitCode);
}
