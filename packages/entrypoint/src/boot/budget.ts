import { EntrypointError, type ErrorCode } from "../errors.ts";
import type { Task } from "./read-task.ts";

/** A task with the time that the budget has left for it, where that is less than its deadline. */
export function withinBudget(task: Task, budgetMs: number | undefined, elapsedMs: number): Task {
  const left = Math.ceil((budgetMs ?? Number.POSITIVE_INFINITY) - elapsedMs);
  return left < task.deadlineMs ? { ...task, deadlineMs: Math.max(1, left) } : task;
}

/** Endings that have another cause than time. */
const OTHER_CAUSES: ReadonlySet<ErrorCode> = new Set(["ENTRYPOINT_INTERRUPTED", "ENTRYPOINT_TASK_FAILED"]);

/** The same failure, as that of the budget where it was the budget's end that a task did not reach its own for. */
export function blameBudget(error: unknown, budgetMs: number | undefined, elapsedMs: number): unknown {
  if (budgetMs === undefined || elapsedMs < budgetMs) return error;
  if (!(error instanceof EntrypointError) || OTHER_CAUSES.has(error.code)) return error;
  return new EntrypointError("ENTRYPOINT_BUDGET_SPENT", {
    message: `the start has used up its budget of ${String(budgetMs / 1000)} s: ${error.message}`,
    cause: error,
  });
}
