import { EntrypointError } from "../errors.ts";
import type { EntrypointEvent } from "../events.ts";
import { EXIT_CODES } from "../process/exit-codes.ts";
import { handOver } from "../process/hand-over.ts";
import type { TaskContext } from "../task/context.ts";
import type { Task } from "./definition.ts";
import type { PlannedStep, StartPlan } from "./plan.ts";

/** What a start needs beside its plan. */
export interface StartContext extends Omit<TaskContext, "release"> {
  /** A soft limit of open files that has to be set on the way to the app. */
  readonly softLimit?: string | undefined;
  /** When the process began, on `performance.now()`'s clock. */
  readonly began?: number;
}

/**
 * Carries a plan out: the steps in their order, then the app in place of this process. Returns only by throwing, after
 * the summary was emitted.
 */
export async function start(plan: StartPlan, context: StartContext): Promise<never> {
  const done: Finished[] = [];
  const seconds = (): number => (performance.now() - (context.began ?? 0)) / 1000;
  const summary = (exitCode: number | null): EntrypointEvent => ({
    type: "summary",
    outcome: exitCode === null ? "handed-over" : "failed",
    release: plan.release?.id ?? null,
    steps: done,
    seconds: seconds(),
    exitCode,
  });
  try {
    warnWithoutInit(plan, context);
    for (const planned of plan.steps) await runStep(planned, plan, { context, done });
    return await handOver(plan.handOver, {
      ...context,
      beforeLeaving: () => {
        const { command, via } = plan.handOver;
        context.emit({ type: "hand-over", command, pid: process.pid, via });
        context.emit(summary(null));
      },
    });
  } catch (error) {
    context.emit(summary(error instanceof EntrypointError ? error.exitCode : EXIT_CODES.ownFailure));
    throw error;
  }
}

interface Finished {
  readonly task: string;
  readonly outcome: string;
  readonly seconds: number;
}

interface Progress {
  readonly context: StartContext;
  readonly done: Finished[];
}

async function runStep(
  { step, task, subject }: PlannedStep,
  plan: StartPlan,
  { context, done }: Progress,
): Promise<void> {
  context.desk.check();
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 1000;
  context.emit({ type: "step-started", step, task: task.task, subject });
  try {
    const outcome = await runTask(task, { ...context, release: plan.release?.id });
    done.push({ task: task.task, outcome, seconds: elapsed() });
    context.emit({ type: "step-done", step, task: task.task, subject, outcome, seconds: elapsed() });
  } catch (error) {
    done.push({ task: task.task, outcome: "failed", seconds: elapsed() });
    throw error;
  }
}

/** Each task's code is loaded when it is its turn. */
async function runTask(task: Task, context: TaskContext): Promise<string> {
  switch (task.task) {
    case "wait-for":
      return (await import("../task/wait-for.ts")).waitFor(task, context);
    case "verify-assets":
      return (await import("../task/verify-assets.ts")).verifyAssets(task, context);
    case "migrate":
      return (await import("../task/migrate.ts")).migrate(task, context);
    case "run":
      break;
  }
  return (await import("../task/command-task.ts")).runTask(task, context);
}

function warnWithoutInit(plan: StartPlan, context: StartContext): void {
  if (!plan.handOver.withoutInit) return;
  context.emit({
    type: "warning",
    message: "this is PID 1 and tini is not in PATH: zombies stay, and signals without a handler are ignored",
    hint: 'ENTRYPOINT ["tini", "--", "entrypoint", …] in the image, docker run --init, or initProcessEnabled on ECS',
  });
}
