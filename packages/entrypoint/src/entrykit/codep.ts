import { EntrypointError } from "../errors.ts";
import type { EntrypointEvent } from "../events.ts";
import { EXIT_CODES } from "../process/exit-codes.ts";
import { startBelowTini } from "../process/hand-over.ts";
import { ownInit } from "../process/plan-hand-over.ts";
import type { SupervisedProcess } from "../process/supervision/plan.ts";
import { supervise } from "../process/supervision/supervise.ts";
import { readArguments } from "./arguments.ts";
import { becomeProgram } from "./become.ts";
import type { EntrykitContext } from "./context.ts";
import { asEntrykit, readOrFail, signalOf, taskFailure } from "./failure.ts";
import type { CodepOutput } from "./options.ts";
import type { EntrykitTask } from "./tasks.ts";
import { splitWords } from "./words.ts";

/**
 * `codep [[name=]task...] [-- program...]`: runs the tasks side by side until the first one ends, stops the others, and
 * becomes the program if it ended well.
 * @returns 0 when there is nothing to become
 * @throws EntrypointError of exit code 1 when that first one failed, or one of them cannot be started
 */
export async function codep(context: EntrykitContext): Promise<number> {
  const { tasks, exec, options, warnings } = readArguments("codep", context.args, {
    env: context.env,
    readFile: readOrFail,
  });
  if (belongsBelowTini(tasks, context.env)) return startBelowTini(context);
  for (const warning of warnings) context.warn(warning);
  const own = { ...context, taskExitCode: options.taskExitCode };
  await runSideBySide(tasks, options.output, own);
  return becomeProgram(exec, own);
}

/** Whether to begin anew below tini: this is PID 1, it stays as long as the tasks run, and Node reaps no zombies. */
export function belongsBelowTini(tasks: readonly EntrykitTask[], env: NodeJS.ProcessEnv): boolean {
  return planProcesses(tasks).length > 0 && ownInit(env) === "tini";
}

/** Runs the tasks until the first one ends, and stops the others. @throws EntrypointError when the first one failed */
export async function runSideBySide(
  tasks: readonly EntrykitTask[],
  output: CodepOutput,
  context: EntrykitContext,
): Promise<void> {
  const { env, desk, taskExitCode = false } = context;
  const processes = planProcesses(tasks);
  if (processes.length === 0) return;
  if (ownInit(env) === "none") warnWithoutInit(context);
  const emit = (event: EntrypointEvent): void => {
    if (event.type === "warning") context.warn(`${event.message}: ${event.hint}`);
    if (event.type === "process-ended" && event.reason !== undefined) context.warn(`${event.process}: ${event.reason}`);
  };
  const exitCode = await supervise(processes, { env, desk, output, emit }).catch((error: unknown) => {
    throw asEntrykit(error, taskExitCode, missingName(error, processes));
  });
  if (exitCode !== 0) throw taskFailure({ exitCode, signal: signalOf(exitCode) }, taskExitCode);
}

function warnWithoutInit({ warn }: EntrykitContext): void {
  const remedy = 'begin ENTRYPOINT with "tini", "--", or use docker run --init, or initProcessEnabled on ECS';
  warn(`this is PID 1 and tini is not in PATH, so zombies stay: ${remedy}`);
}

/** Each task with a name of its own; a task without words is nothing to do. */
export function planProcesses(tasks: readonly EntrykitTask[]): readonly SupervisedProcess[] {
  const names = new Set<string>();
  return tasks.flatMap(({ name: given, command }) => {
    const argv = splitWords(command);
    if (argv.length === 0) return [];
    let name = given;
    for (let count = 2; names.has(name); count += 1) name = `${given}-${String(count)}`;
    names.add(name);
    return [{ name, argv }];
  });
}

/** The program that an error of the supervision is about. */
function missingName(error: unknown, processes: readonly SupervisedProcess[]): string {
  if (!(error instanceof EntrypointError) || error.exitCode < EXIT_CODES.notExecutable) return "";
  const programs = processes.map(({ argv }) => argv[0] ?? "");
  return programs.find((program) => error.message.includes(program)) ?? "";
}
