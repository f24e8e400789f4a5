import { STOP_GRACE_MS } from "../process/process-group.ts";
import { ECS_LIMITS, type EcsLimitName } from "./ecs-limits.ts";
import type { StartPlan } from "./plan.ts";
import type { Task } from "./read-task.ts";
import { STOP_SECONDS } from "./stop-seconds.ts";

/** What a start may need, held against what ECS grants. */
export interface Budget {
  readonly limit: EcsLimitName;
  readonly needSeconds: number;
  readonly mostSeconds: number;
  /** No setting of this limit is enough. */
  readonly fits: boolean;
  /** What to set, in words. */
  readonly advice: string;
  readonly source: string;
}

/** The times of a plan, whose secrets are read before it, and the limits of ECS that they meet. Pure. */
export function budgetsOf(plan: StartPlan, secretsMs = 0): readonly Budget[] {
  return [...startBudgets(startSeconds(plan, secretsMs)), stopBudget(plan)];
}

/**
 * How long a start may take until the app begins: what the secrets and each task may take, all waits and all tasks together at
 * most their limits. A budget counts from the beginning, and no secret is given up for it.
 */
function startSeconds({ steps, budgetMs = Infinity }: StartPlan, secretsMs: number): number {
  const tasks = steps.map(({ task }) => task);
  const waits = tasks.filter((task) => task.task === "wait-for");
  const waitMs = Math.min(sumOf(waits), ...waits.map(({ totalMs = Infinity }) => totalMs));
  const others = tasks.filter(({ task }) => task !== "wait-for");
  const tasksMs = Math.min(waitMs + sumOf(others), Math.max(budgetMs - secretsMs, 0));
  return Math.ceil((secretsMs + tasksMs) / 1000);
}

function sumOf(tasks: readonly Task[]): number {
  return tasks.reduce((sum, { deadlineMs }) => sum + deadlineMs, 0);
}

function startBudgets(seconds: number): readonly Budget[] {
  if (seconds === 0) return [];
  const { startPeriod, startTimeout } = ECS_LIMITS;
  const grace = `a healthCheckGracePeriodSeconds of the service from ${String(seconds)}, on top of what the app takes`;
  const covered = `a startPeriod of the health check from ${String(seconds)}, or ${grace}`;
  const advice = seconds <= startPeriod.most ? covered : grace;
  const waiting =
    seconds <= startTimeout.most
      ? `a startTimeout from ${String(seconds)} where others depend on this container`
      : "containers that depend on this one may give up before, unless a `budget` ends the start";
  return [budget("startPeriod", seconds, advice), budget("startTimeout", seconds, waiting)];
}

/** A task of the start has its own grace; so have several processes. One app has all of stopTimeout. */
function stopBudget({ last }: StartPlan): Budget {
  const graceMs = last.via === "supervision" ? Math.max(last.processes.graceMs, STOP_GRACE_MS) : STOP_GRACE_MS;
  const seconds = Math.ceil(graceMs / 1000);
  const { most } = ECS_LIMITS.stopTimeout;
  if (seconds < STOP_SECONDS)
    return budget("stopTimeout", seconds, `the default of ${String(STOP_SECONDS)} is enough`, seconds + 1);
  if (seconds < most)
    return budget("stopTimeout", seconds, `a stopTimeout of more than ${String(seconds)}`, seconds + 1);
  const advice = `Fargate kills before: a \`grace\` of less than ${String(most)}s`;
  return budget("stopTimeout", seconds, advice, seconds + 1);
}

function budget(limit: EcsLimitName, needSeconds: number, advice: string, least: number = needSeconds): Budget {
  const { most, source } = ECS_LIMITS[limit];
  return { limit, needSeconds, mostSeconds: most, fits: least <= most, advice, source };
}
