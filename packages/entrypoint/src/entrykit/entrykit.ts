import { readArguments, tasksFromSources, unreadEnvironment } from "./arguments.ts";
import { becomeProgram } from "./become.ts";
import type { EntrykitContext } from "./context.ts";
import { entrykitError, readOrFail } from "./failure.ts";
import type { EntrykitName } from "./names.ts";
import { chooseTask } from "./switch.ts";
import { tasksInEnvironment } from "./tasks.ts";

/**
 * `entrykit [-e|-E|-f FILE] [-- program...]`: renders, switches and runs side by side what the environment or the file
 * names, then becomes the program. Hooks are not among it, as with entrykit.
 * @returns 0 when there is nothing to become
 * @throws EntrypointError of exit code 1
 */
export async function entrykit(context: EntrykitContext): Promise<number> {
  const sources = { env: context.env, readFile: readOrFail };
  const { tasks, exec, options, warnings } = readArguments("entrykit", context.args, sources);
  const own = tasksInEnvironment("entrykit", options.prefix ?? "", context.env);
  if (tasks.length > 0 || own.length > 0) throw entrykitError("Entrykit cannot take tasks via arguments");
  for (const warning of warnings) context.warn(warning);
  const tasksFor = (command: EntrykitName) => tasksFromSources(command, options, sources);
  for (const warning of unreadEnvironment(["render", "switch", "codep"], options, context.env)) context.warn(warning);
  for (const { name } of tasksFor("prehook")) {
    context.warn(`the prehook ${name} is not run: entrykit never runs hooks; write prehook -e -- entrykit -e`);
  }
  const within = { ...context, taskExitCode: options.taskExitCode };
  const files = tasksFor("render");
  if (files.length > 0) (await import("./render.ts")).renderFiles(files, context.env);
  const chosen = chooseTask(tasksFor("switch"), context.args.at(-1));
  if (chosen !== undefined) return becomeProgram(chosen, within);
  const processes = tasksFor("codep");
  if (processes.length === 0) return becomeProgram(exec, within);
  const { runSideBySide } = await import("./codep.ts");
  return (await runSideBySide(processes, options.output, within)) ?? becomeProgram(exec, within);
}
