import { readFileSync } from "node:fs";

import { EntrypointError, messageOf } from "../errors.ts";
import { EXIT_CODES } from "../process/exit-codes.ts";
import { findProgram, searchPathOf } from "../process/find-program.ts";
import { handOver } from "../process/hand-over.ts";
import { planOwnHandOver } from "../process/plan-hand-over.ts";
import { runCommand } from "../process/run-command.ts";
import type { SignalDesk } from "../process/signal-desk.ts";
import { readArguments } from "./arguments.ts";
import { expandArgument } from "./expand.ts";
import { splitWords } from "./words.ts";

/** What prehook works with. */
export interface PrehookContext {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly desk: SignalDesk;
  readonly softLimit?: string | undefined;
  readonly warn: (message: string) => void;
}

/**
 * `prehook [[name=]task...] [-- program...]`: runs the tasks in their order, then becomes the program. Without a program
 * it ends with 0.
 * @returns the exit code when there is nothing to become
 * @throws EntrypointError of exit code 1 for a task or program that fails or does not exist
 */
export async function prehook(context: PrehookContext): Promise<number> {
  const { tasks, exec, warnings } = readArguments("prehook", context.args, {
    env: context.env,
    readFile: readTaskFile,
  });
  for (const warning of warnings) context.warn(warning);
  for (const task of tasks) await runTask(task.command, context);
  const [program, ...args] = exec;
  if (program === undefined) return 0;
  asEntrykit(() => findProgram(program, searchPathOf(context.env)));
  const { command, env } = expandCommand([program, ...args], context.env);
  return handOver(planOwnHandOver(command, env), { ...context, env });
}

/** Expands the words of the program's command line; what `${NAME:=word}` sets is in the program's environment. */
export function expandCommand(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): { readonly command: readonly string[]; readonly env: NodeJS.ProcessEnv } {
  const own = { ...env };
  const command = words.map((word) => {
    const { text, assigned } = expandArgument(word, own);
    Object.assign(own, assigned);
    return text;
  });
  return { command, env: own };
}

async function runTask(task: string, context: PrehookContext): Promise<void> {
  const argv = splitWords(task);
  if (argv.length === 0) throw taskError(`empty task ${JSON.stringify(task)}`);
  const { exitCode, signal } = await runCommand({ argv, env: context.env }, context.desk).catch(rethrowAsEntrykit);
  context.desk.check();
  if (signal !== null) throw taskError(`signal: ${signal}`);
  if (exitCode !== 0) throw taskError(`exit status ${String(exitCode)}`);
}

function asEntrykit<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return rethrowAsEntrykit(error);
  }
}

/** Under its name entrykit answers 1 where a container would answer 126 or 127. */
function rethrowAsEntrykit(error: unknown): never {
  if (!(error instanceof EntrypointError)) throw error;
  const ofProgram = error.exitCode === EXIT_CODES.notFound || error.exitCode === EXIT_CODES.notExecutable;
  throw ofProgram ? taskError(`exec: ${error.message}`) : error;
}

function taskError(message: string): EntrypointError {
  return new EntrypointError("ENTRYPOINT_ENTRYKIT_TASK", { message });
}

function readTaskFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new EntrypointError("ENTRYPOINT_ENTRYKIT_OPTION", { message: `open ${path}: ${messageOf(cause)}` });
  }
}
