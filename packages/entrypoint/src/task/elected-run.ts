import { openDeadline } from "../process/patience.ts";
import type { TaskContext } from "./context.ts";
import { takePart } from "./elected-command.ts";
import type { ElectedRun } from "./run-task.ts";

/** @throws as `takePart` */
export async function runElected(task: ElectedRun, context: TaskContext): Promise<string> {
  using deadline = openDeadline(task.deadlineMs, context.desk.stopped);
  const release = task.everyMs === undefined ? context.release : periodAt(new Date(), task.everyMs);
  return takePart({ task, context: { ...context, release }, deadline });
}

/** The period that a moment is in. All periods of a length follow each other from the beginning of 1970, UTC. */
export function periodAt(moment: Date, everyMs: number): string {
  const began = Math.floor(moment.getTime() / everyMs) * everyMs;
  return `${new Date(began).toISOString()}/${String(everyMs / 1000)}s`;
}
