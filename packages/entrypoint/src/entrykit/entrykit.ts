import { startBelowTini } from "../process/hand-over.ts";
import { readArguments, tasksFromSources, unreadEnvironment } from "./arguments.ts";
import { becomeProgram } from "./become.ts";
import type { EntrykitContext } from "./context.ts";
import { entrykitError, readOrFail } from "./failure.ts";
import type { EntrykitName } from "./names.ts";
import type { EntrykitOptions } from "./options.ts";
import { chooseTask } from "./switch.ts";
import { tasksInEnvironment, type EntrykitTask } from "./tasks.ts";

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
  const tasksFor = (command: EntrykitName) => tasksFromSources(command, options, sources);
  const chosen = chooseTask(tasksFor("switch"), context.args.at(-1));
  const processes = chosen === undefined ? tasksFor("codep") : [];
  const { belongsBelowTini, runSideBySide } = await import("./codep.ts");
  if (belongsBelowTini(processes, context.env)) return startBelowTini(context);
  for (const warning of [...warnings, ...warningsOf(options, tasksFor("prehook"), context.env)]) context.warn(warning);
  const files = tasksFor("render");
  if (files.length > 0) (await import("./render.ts")).renderFiles(files, context.env);
  const within = { ...context, taskExitCode: options.taskExitCode };
  await runSideBySide(processes, options.output, within);
  return becomeProgram(chosen ?? exec, within);
}

function warningsOf(
  options: EntrykitOptions,
  hooks: readonly EntrykitTask[],
  env: NodeJS.ProcessEnv,
): readonly string[] {
  const left = hooks.map(
    ({ name }) => `the prehook ${name} is not run: entrykit never runs hooks; write prehook -e -- entrykit -e`,
  );
  return [...unreadEnvironment(["render", "switch", "codep"], options, env), ...left];
}
