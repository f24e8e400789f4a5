import type { TaskContext } from "../task/context.ts";
import { isElected } from "../task/run-task.ts";
import type { Task } from "./read-task.ts";

/** Carries a task out; each one's code is loaded when it is its turn. Resolves to how it was settled. */
export async function carryOut(task: Task, context: TaskContext): Promise<string> {
  switch (task.task) {
    case "wait-for":
      return (await import("../task/wait-for.ts")).waitFor(task, context);
    case "verify-assets":
      return (await import("../task/verify-assets.ts")).verifyAssets(task, context);
    case "migrate":
      return (await import("../task/migrate.ts")).migrate(task, context);
    case "render":
      return (await import("../task/render.ts")).render(task, context);
    case "run":
      break;
  }
  if (isElected(task)) return (await import("../task/elected-run.ts")).runElected(task, context);
  return (await import("../task/command-task.ts")).runTask(task, context);
}
