import { findProgram, searchPathOf } from "../process/find-program.ts";
import { handOver } from "../process/hand-over.ts";
import { planOwnHandOver } from "../process/plan-hand-over.ts";
import type { EntrykitContext } from "./context.ts";
import { expandArgument } from "./expand.ts";
import { asEntrykit } from "./failure.ts";

/**
 * Becomes the program after `--`, its arguments expanded; the name itself is looked up as it is written. Another of
 * entrykit's commands goes on in this process, which saves the start of another Node.
 * @returns 0 when there is no program
 * @throws EntrypointError of exit code 1 when it cannot be executed
 */
export async function becomeProgram(exec: readonly string[], context: EntrykitContext): Promise<number> {
  const [name] = exec;
  if (name === undefined) return 0;
  try {
    const { file } = findProgram(name, searchPathOf(context.env));
    const { command, env } = expandCommand(exec, context.env);
    const plan = planOwnHandOver(command, env);
    const chained = plan.via === "direct" ? context.chain?.(file, command, { ...context, env }) : undefined;
    return await (chained ?? handOver(plan, { ...context, env }));
  } catch (error) {
    throw asEntrykit(error, context.taskExitCode === true, name);
  }
}

/** Expands the words of a command line; what `${NAME:=word}` sets is in the program's environment. */
export function expandCommand(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): { readonly command: readonly string[]; readonly env: NodeJS.ProcessEnv } {
  const own = { ...env };
  const command = words.map((word) => {
    if (!word.includes("$")) return word;
    const { text, assigned } = expandArgument(word, own);
    Object.assign(own, assigned);
    return text;
  });
  return { command, env: own };
}
