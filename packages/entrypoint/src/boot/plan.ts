import { electionName } from "../election/open-store.ts";
import type { HandOverPlan } from "../process/plan-hand-over.ts";
import { openProbe } from "../task/probe/probe.ts";
import { isReference } from "../task/secrets/reference.ts";
import type { Definition, Task } from "./definition.ts";
import type { HealthOptions } from "./health.ts";
import type { Release } from "./load.ts";
import type { Mode } from "./modes.ts";
import type { Processes } from "./processes.ts";

/** One step of a start. */
export interface PlannedStep {
  readonly step: number;
  readonly task: Task;
  /** What the step is about, without secrets: an address, a command, a file. */
  readonly subject: string;
}

/** Everything a start will do. Its printable form is {@link printPlan}; the value itself holds secrets. */
export interface StartPlan {
  readonly release: Release | undefined;
  /** What the container is started for: it decides which tasks are steps. `undefined`: for several things at once. */
  readonly mode: Mode | undefined;
  readonly steps: readonly PlannedStep[];
  /** What comes after the steps. */
  readonly last: HandOverPlan | SupervisionStep;
  /** Where the start answers for the app until then. */
  readonly health: HealthOptions | undefined;
}

/** Several processes instead of one app: this process stays with them. */
export interface SupervisionStep {
  readonly via: "supervision";
  readonly processes: Processes;
  readonly exitCodes: Readonly<Record<string, number>>;
  /** This process is PID 1: `tini` puts tini above itself first; `none`: there is no tini in PATH. */
  readonly init: "not-needed" | "tini" | "none";
}

/** Puts a start together. Pure. */
export function planStart(
  definition: Pick<Definition, "tasks" | "health">,
  { release, mode }: Pick<StartPlan, "release" | "mode">,
  last: HandOverPlan | SupervisionStep,
): StartPlan {
  const tasks = definition.tasks.filter((task) => mode === undefined || task.for.includes(mode));
  const steps = tasks.map((task, index) => ({ step: index + 1, task, subject: subjectOf(task) }));
  return { release, mode, steps, last, health: definition.health };
}

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
    steps: plan.steps.map(({ step, task, subject }) => ({ step, task: task.task, subject, details: detailsOf(task) })),
    ...(plan.last.via === "supervision" ? { supervision: printSupervision(plan.last) } : { handOver: plan.last }),
  };
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

/** What is worth knowing of a task beside its subject. */
export function detailsOf(task: Task): string {
  const limit = `deadline ${String(task.deadlineMs / 1000)} s`;
  if (task.task !== "migrate") return limit;
  const where = isReference(task.election) ? `what ${task.election} names` : electionName(task.election);
  return `once per release by ${where}, ${limit}, ${String(task.tries)} tries`;
}

function subjectOf(task: Task): string {
  switch (task.task) {
    case "wait-for":
      return isReference(task.url) ? `what ${task.url} names` : openProbe(task.url).address;
    case "verify-assets":
      return task.receipt;
    case "render":
      return task.to;
    case "migrate":
    case "run":
      break;
  }
  return task.shown;
}
