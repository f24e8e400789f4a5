import { readyAddress } from "../task/ready-address.ts";
import type { PlannedStep, StartPlan, SupervisionStep } from "./plan.ts";
import { detailsOf } from "./subject.ts";

/**
 * What a supervising Node keeps in memory of its own while the processes run: the bundle's resident set on Node 24, in
 * megabytes. A fifth of it is its alone; the rest is Node's text, which the kernel shares and drops as it likes.
 */
export const SUPERVISOR_MB = 50;

/** The plan without secrets, as a value for JSON. */
export function printPlan(plan: StartPlan): object {
  return {
    release: plan.release ?? null,
    health: plan.health ?? null,
    mode: plan.mode ?? null,
    tasksFrom: plan.tasksFrom,
    steps: plan.steps.map(printStep),
    budgetSeconds: plan.budgetMs === undefined ? null : plan.budgetMs / 1000,
    background: plan.background.map((step) => ({ ...printStep(step), ready: readyAddress(step.ready) })),
    ...(plan.last.via === "supervision" ? { supervision: printSupervision(plan.last) } : { handOver: plan.last }),
  };
}

function printStep({ step, task, subject }: PlannedStep): object {
  return { step, task: task.task, subject, details: detailsOf(task) };
}

function printSupervision({ processes, exitCodes, init }: SupervisionStep): object {
  const { shown, endWhen, graceMs, output } = processes;
  const listed = processes.processes.map(({ name, stopSignal, restart }, index) => ({
    name,
    run: shown[index],
    stopSignal,
    restart: restart ?? null,
  }));
  return { processes: listed, endWhen, graceMs, output, exitCodes, init, residentMegabytes: SUPERVISOR_MB };
}
