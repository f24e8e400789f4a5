import type { HandOverPlan } from "../process/plan-hand-over.ts";
import type { Definition } from "./definition.ts";
import type { Task } from "./read-task.ts";
import type { HealthOptions } from "./health.ts";
import type { Release } from "./load.ts";
import type { Mode } from "./modes.ts";
import { isBackground } from "./order.ts";
import type { Processes } from "./processes.ts";
import { subjectOf } from "./subject.ts";

/** One step of a start. */
export interface PlannedStep {
  readonly step: number;
  readonly task: Task;
  /** What the step is about, without secrets: an address, a command, a file. */
  readonly subject: string;
  /** Of a background task: what answers when the app is ready; `undefined`: its process is enough. */
  readonly ready?: string | undefined;
}

/** Everything a start will do. The value holds secrets. */
export interface StartPlan {
  readonly release: Release | undefined;
  /** What the container is started for: it decides which tasks are steps. `undefined`: for several things at once. */
  readonly mode: Mode | undefined;
  /** Who names the tasks: without a word of the definition or the environment they are the defaults. */
  readonly tasksFrom: "definition" | "environment" | "defaults";
  readonly steps: readonly PlannedStep[];
  /** What all steps may take together, counted from the start of the process. */
  readonly budgetMs: number | undefined;
  /** What is done beside the app once it is ready. */
  readonly background: readonly PlannedStep[];
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
  definition: Pick<Definition, "tasks" | "health" | "port" | "budgetMs">,
  { release, mode, tasksFrom }: Pick<StartPlan, "release" | "mode" | "tasksFrom">,
  last: HandOverPlan | SupervisionStep,
): StartPlan {
  const tasks = definition.tasks.filter((task) => mode === undefined || task.for.includes(mode));
  const [before, beside] = [tasks.filter((task) => !isBackground(task)), tasks.filter(isBackground)];
  const steps = [...before, ...beside].map((task, index) => ({ step: index + 1, task, subject: subjectOf(task) }));
  const background = steps
    .slice(before.length)
    .map((step) => ({ ...step, ready: readyOf(step.task, mode, definition) }));
  const { health, budgetMs } = definition;
  return { release, mode, tasksFrom, steps: steps.slice(0, before.length), background, budgetMs, last, health };
}

/** Only a web server has a port by itself. */
function readyOf(task: Task, mode: Mode | undefined, { port }: Pick<Definition, "port">): string | undefined {
  const given = task.task === "run" ? task.background?.ready : undefined;
  if (given !== undefined || (mode !== undefined && mode !== "web")) return given;
  return `tcp://127.0.0.1:${String(port)}`;
}
