import { supervise } from "../process/supervision/supervise.ts";
import type { SupervisionStep } from "./plan.ts";
import type { StartContext } from "./start.ts";

/** Runs the processes of a definition; resolves to the exit code that the outside is to see. */
export async function superviseAll(step: SupervisionStep, context: StartContext): Promise<number> {
  const { processes, endWhen, graceMs, output } = step.processes;
  const exitCode = await supervise(processes, { ...context, endWhen, graceMs, output });
  return step.exitCodes[String(exitCode)] ?? exitCode;
}
