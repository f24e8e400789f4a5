import { fileURLToPath } from "node:url";

import { postgresAddress } from "../election/postgres/address.ts";
import type { HandOverPlan } from "../process/hand-over.ts";
import { openProbe } from "../task/probe.ts";
import type { Definition, Task } from "./definition.ts";
import type { Release } from "./load.ts";

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
  readonly steps: readonly PlannedStep[];
  readonly handOver: HandOverPlan;
}

/** Puts a start together. Pure. */
export function planStart(definition: Definition, release: Release | undefined, handOver: HandOverPlan): StartPlan {
  const steps = definition.tasks.map((task, index) => ({ step: index + 1, task, subject: subjectOf(task) }));
  return { release, steps, handOver };
}

/** The plan without secrets, as a value for JSON. */
export function printPlan(plan: StartPlan): object {
  return {
    release: plan.release ?? null,
    steps: plan.steps.map(({ step, task, subject }) => ({ step, task: task.task, subject, details: detailsOf(task) })),
    handOver: plan.handOver,
  };
}

/** What is worth knowing of a task beside its subject. */
export function detailsOf(task: Task): string {
  const limit = `deadline ${String(task.deadlineMs / 1000)} s`;
  if (task.task !== "migrate") return limit;
  return `once per release by ${electionAddress(task.election)}, ${limit}, ${String(task.tries)} tries`;
}

function electionAddress(url: string): string {
  return url.startsWith("file:") ? `file ${fileURLToPath(url)}` : `PostgreSQL ${postgresAddress(url)}`;
}

function subjectOf(task: Task): string {
  switch (task.task) {
    case "wait-for":
      return openProbe(task.url).address;
    case "verify-assets":
      return task.receipt;
    case "migrate":
    case "run":
      break;
  }
  return task.shown;
}
