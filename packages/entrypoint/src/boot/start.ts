import { EntrypointError } from "../errors.ts";
import type { FinishedStep } from "../events.ts";
import { checkApp, handOver, staysAsParent } from "../process/hand-over.ts";
import { findProgram, searchPathOf } from "../process/find-program.ts";
import type { HandOverPlan } from "../process/plan-hand-over.ts";
import type { StepMeter, TaskContext } from "../task/context.ts";
import { blameBudget, withinBudget } from "./budget.ts";
import { carryOut } from "./carry-out.ts";
import { emitError, emitSummary } from "./ending.ts";
import type { PlannedStep, StartPlan } from "./plan.ts";
import type { Timeline } from "./timeline.ts";
import { STOP_SECONDS } from "./stop-seconds.ts";

/** What a start needs beside its plan. */
export interface StartContext extends Omit<TaskContext, "release" | "waited" | "meter"> {
  /** A soft limit of open files that has to be set on the way to the app. */
  readonly softLimit?: string | undefined;
  /** Called when the steps are over and before the app begins, or the start ends without it. */
  readonly beforeApp?: () => Promise<void>;
  /** Takes what the start was like, at its very end; it may not wait for anything. */
  readonly keep?: (timeline: Timeline) => void;
  /** The command line of the process that does what is left for the background. */
  readonly helper: readonly string[];
}

/**
 * Carries a plan out: the steps in their order, then the app in place of this process.
 * @returns the exit code of a start that failed, after its error and its summary were emitted
 */
export async function start(plan: StartPlan, context: StartContext): Promise<number> {
  const done: FinishedStep[] = [];
  const waited = { ms: 0 };
  let left = false;
  const keep = (exitCode: number | null): void =>
    context.keep?.({ release: plan.release?.id ?? null, steps: done, seconds: process.uptime(), exitCode });
  const summarise = (exitCode: number | null): void => {
    keep(exitCode);
    emitSummary(context.emit, { plan, done, exitCode });
  };
  try {
    warn(plan, context);
    checkFirst(plan, context.env);
    for (const planned of plan.steps) await runStep(planned, plan, { context, done, waited });
    await context.beforeApp?.();
    if (plan.background.length > 0) await (await import("./background.ts")).leaveBackground(plan, context);
    if (plan.last.via === "supervision") {
      const { superviseAll } = await import("./supervise-all.ts");
      const exitCode = await superviseAll(plan.last, { ...context, beforeStarting: () => keep(null) });
      emitSummary(context.emit, { plan, done, exitCode, outcome: "ended" });
      return exitCode;
    }
    return await leave(plan.last, context, () => {
      left = true;
      summarise(null);
    });
  } catch (error) {
    if (left && isInterruption(error)) return error.exitCode;
    const exitCode = emitError(error, context.emit);
    await context.beforeApp?.();
    summarise(exitCode);
    return exitCode;
  }
}

/** A command that is not there is found out before anything is done, unless a task may be what puts it there. */
function checkFirst({ steps, last }: StartPlan, env: NodeJS.ProcessEnv): void {
  // Without steps whoever starts it looks at once.
  if (steps.length === 0 || steps.some(({ task }) => task.task === "run")) return;
  if (last.via !== "supervision") checkApp(last, env);
  else for (const { argv } of last.processes.processes) findProgram(argv[0] ?? "", searchPathOf(env));
}

/** A signal in the last instant: the app has been announced, so it ends as the app would have ended, with no more words. */
function isInterruption(error: unknown): error is EntrypointError {
  return error instanceof EntrypointError && error.code === "ENTRYPOINT_INTERRUPTED";
}

async function leave(plan: HandOverPlan, context: StartContext, summarise: () => void): Promise<number> {
  return handOver(plan, {
    ...context,
    beforeLeaving: () => {
      const via = staysAsParent(plan) ? "parent" : plan.via;
      context.emit({ type: "hand-over", command: plan.command, pid: process.pid, via });
      summarise();
    },
  });
}

interface Progress {
  readonly waited: TaskContext["waited"];
  readonly context: StartContext;
  readonly done: FinishedStep[];
}

async function runStep(
  { step, task, subject }: PlannedStep,
  plan: StartPlan,
  { context, done, waited }: Progress,
): Promise<void> {
  context.desk.check();
  const began = process.uptime();
  const meter: StepMeter = {};
  const finish = (outcome: string): number => {
    const seconds = process.uptime() - began;
    // What waits has no command, or waits until it may start it.
    const wait = WAITING.has(task.task) ? (meter.commandAt ?? process.uptime()) - began : 0;
    const { exitCode = null, peakMegabytes = null } = meter;
    done.push({ task: task.task, subject, outcome, start: began, seconds, wait, exitCode, peakMegabytes });
    return seconds;
  };
  context.emit({ type: "step-started", step, task: task.task, subject });
  try {
    const limited = withinBudget(task, plan.budgetMs, began * 1000);
    const outcome = await carryOut(limited, { ...context, waited, meter, release: plan.release?.id });
    context.emit({ type: "step-done", step, task: task.task, subject, outcome, seconds: finish(outcome) });
  } catch (error) {
    finish("failed");
    throw blameBudget(error, plan.budgetMs, process.uptime() * 1000);
  }
}

/** Tasks that wait for others before they do anything themselves. */
const WAITING: ReadonlySet<string> = new Set(["wait-for", "migrate"]);

function warn({ last, background }: StartPlan, context: StartContext): void {
  const without = last.via === "supervision" ? last.init === "none" : last.withoutInit;
  if (last.via === "supervision" && last.processes.graceMs >= STOP_SECONDS * 1000) {
    context.emit({
      type: "warning",
      message: `a grace of ${String(last.processes.graceMs / 1000)} s is longer than ECS grants a container by default`,
      hint: "Set stopTimeout (at most 120 s on Fargate) or docker stop --time to more than the grace, or shorten the grace.",
    });
  }
  if (!without) return;
  const stays = background.length === 0 ? "" : ", the process of background tasks when it has ended among them";
  context.emit({
    type: "warning",
    message: `this is PID 1 and tini is not in PATH: zombies stay${stays}, and signals without a handler are ignored`,
    hint: 'ENTRYPOINT ["tini", "--", "entrypoint", …] in the image, docker run --init, or initProcessEnabled on ECS',
  });
}
