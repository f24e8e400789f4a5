import { supervise } from "../process/supervision/supervise.ts";
import type { TaskContext } from "../task/context.ts";
import type { SupervisionStep } from "./plan.ts";

interface Surroundings extends Pick<TaskContext, "desk" | "emit" | "env" | "toError"> {
  readonly beforeStarting: () => void;
}

/** Runs the processes of a definition; resolves to the exit code that the outside is to see. */
export async function superviseAll(step: SupervisionStep, context: Surroundings): Promise<number> {
  const { processes, endWhen, graceMs, output } = step.processes;
  const exitCode = await supervise(processes, { ...context, endWhen, graceMs, output });
  return step.exitCodes[String(exitCode)] ?? exitCode;
}
