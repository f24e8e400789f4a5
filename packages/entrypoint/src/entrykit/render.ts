import { EntrypointError } from "../errors.ts";
import { readArguments } from "./arguments.ts";
import { becomeProgram } from "./become.ts";
import type { EntrykitContext } from "./context.ts";
import { entrykitError, readOrFail, reasonOf } from "./failure.ts";
import type { EntrykitTask } from "./tasks.ts";
import { readText } from "./template/files.ts";
import { TemplateError } from "./template/position.ts";
import { renderTemplate } from "./template/render-template.ts";
import { writeTarget } from "./write-target.ts";

/**
 * `render [[name=]file...] [-- program...]`: writes each file from `FILE.tmpl`, then becomes the program. Nothing is
 * written before every template is rendered.
 * @returns 0 when there is nothing to become
 * @throws EntrypointError of exit code 1 for a template that is missing or wrong, or a file that cannot be written
 */
export async function render(context: EntrykitContext): Promise<number> {
  const { tasks, exec, options, warnings } = readArguments("render", context.args, {
    env: context.env,
    readFile: readOrFail,
  });
  for (const warning of warnings) context.warn(warning);
  renderFiles(tasks, context.env);
  return becomeProgram(exec, { ...context, taskExitCode: options.taskExitCode });
}

/** Renders the file of each task. */
export function renderFiles(tasks: readonly EntrykitTask[], env: NodeJS.ProcessEnv): void {
  const targets = tasks.filter(({ command }) => command !== "").map(({ command }) => command);
  const rendered = targets.map((target): [string, string] => [target, renderTarget(`${target}.tmpl`, env)]);
  for (const [target, text] of rendered) writeTarget(target, text);
}

function renderTarget(template: string, env: NodeJS.ProcessEnv): string {
  try {
    return renderTemplate(template, readTemplate(template), { env });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new EntrypointError("ENTRYPOINT_TEMPLATE_INVALID", { message: error.message, cause: error });
  }
}

function readTemplate(path: string): string {
  try {
    return readText(path);
  } catch (error) {
    throw entrykitError(`open ${path}: ${reasonOf(error)}`);
  }
}
