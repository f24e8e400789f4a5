import { EntrypointError, stackOf } from "../errors.ts";
import type { Emit, EntrypointEvent } from "../events.ts";
import { onceOver, untilReady, type App } from "../task/app-readiness.ts";
import type { TaskContext } from "../task/context.ts";
import { readyAddress } from "../task/ready-address.ts";
import type { BackgroundWork } from "./background.ts";
import { carryOut } from "./carry-out.ts";
import { tasksCalled } from "./order.ts";
import type { PlannedStep } from "./plan.ts";
import type { Task } from "./read-task.ts";
import { releaseOfImage } from "./release.ts";

type Surroundings = Pick<TaskContext, "desk" | "emit" | "env">;

/**
 * Does the work beside the app, one task after the other. Nothing that goes wrong here is more than a warning. A task is asked
 * to end, and killed eight seconds later, when the app has ended or does not listen any more.
 */
export async function tendBackground(work: BackgroundWork, surroundings: Surroundings): Promise<void> {
  const { desk } = surroundings;
  const emit = inBackground(surroundings.emit);
  const tasks = work.steps.map(({ task }) => task);
  const release = work.release ?? (await releaseOfImage(tasks, { ...surroundings, emit }));
  const failed: Task[] = [];
  for (const step of work.steps) {
    const cause = step.task.after.find((word) => tasksCalled(word, tasks).some((task) => failed.includes(task)));
    if (cause !== undefined) {
      emit({ type: "note", task: LABEL, message: `${step.subject} is not run, because ${cause} has failed` });
      failed.push(step.task);
      continue;
    }
    const app = { ...work.app, ready: step.ready };
    try {
      if (!(await untilReady(app, desk.stopped))) return;
      emit({ type: "note", task: LABEL, message: `${readyAddress(app.ready)} is ready: ${step.subject} begins` });
      await runBeside(app, step, { ...surroundings, emit, release: release?.id });
    } catch (error) {
      if (desk.stopped.aborted) return stopped(step, emit);
      failed.push(step.task);
      emit(asWarning(error));
    }
  }
}

const LABEL = "background";

async function runBeside(
  app: App,
  { step, task, subject }: PlannedStep,
  context: Surroundings & Pick<TaskContext, "release">,
): Promise<void> {
  const began = process.uptime();
  // A signal to itself goes the way of every other that stops a task.
  const settle = onceOver(app, () => process.kill(process.pid, "SIGTERM"));
  try {
    const prefix = task.name ?? LABEL;
    const own = { ...context, toError: true, prefix, meter: {}, waited: { ms: 0 } };
    const outcome = await carryOut(task, own);
    context.emit({ type: "step-done", step, task: LABEL, subject, outcome, seconds: process.uptime() - began });
  } finally {
    settle();
  }
}

/** Events of tasks as those of the background. */
function inBackground(emit: Emit): Emit {
  return (event: EntrypointEvent) => emit("task" in event ? { ...event, task: LABEL } : event);
}

function stopped({ subject }: PlannedStep, emit: Emit): void {
  emit({ type: "note", task: LABEL, message: `${subject} was asked to end, because the app ends` });
}

function asWarning(error: unknown): Extract<EntrypointEvent, { readonly type: "warning" }> {
  if (error instanceof EntrypointError)
    return { type: "warning", message: `${LABEL}: ${error.message}`, hint: error.hint };
  const hint = "This is a bug in the entrypoint: please report it.";
  return { type: "warning", message: `${LABEL}: ${stackOf(error)}`, hint };
}
