import { messageOf } from "../errors.ts";
import type { Emit } from "../events.ts";
import { backOff, openDeadline, pause } from "../process/patience.ts";
import type { SignalDesk } from "../process/signal-desk.ts";
import type { Release } from "./load.ts";
import type { StartPlan } from "./plan.ts";
import type { Task } from "./read-task.ts";

/** Where ECS tells a container about itself. */
const METADATA = "ECS_CONTAINER_METADATA_URI_V4";

/** ECS answers at once; a start that needs no more than this from it should not wait for long. */
const PATIENCE_MS = 5_000;

/** Whether the release of tasks, when nothing else names it, is to be asked of ECS: only elections need one. */
export function asksForRelease(tasks: readonly Task[], env: Readonly<NodeJS.ProcessEnv>): boolean {
  return tasks.some(needsRelease) && (env[METADATA] ?? "") !== "";
}

function needsRelease(task: Task): boolean {
  return task.task === "migrate" || (task.task === "run" && task.election !== undefined && task.everyMs === undefined);
}

/** What a release is asked for with. */
export interface Asking {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly desk: SignalDesk;
  readonly emit: Emit;
}

/**
 * The plan with the release that ECS' task metadata names, when it has none yet and its steps need one.
 * @throws the desk's error when stopped
 */
export async function settleRelease(plan: StartPlan, asking: Asking): Promise<StartPlan> {
  if (plan.release !== undefined) return plan;
  const tasks = plan.steps.map(({ task }) => task);
  return { ...plan, release: await releaseOfImage(tasks, asking) };
}

/**
 * The release that ECS' task metadata names, when tasks need one. Without an answer there is none: a warning says why.
 * @throws the desk's error when stopped
 */
export async function releaseOfImage(
  tasks: readonly Task[],
  { env, desk, emit }: Asking,
): Promise<Release | undefined> {
  if (!asksForRelease(tasks, env)) return undefined;
  using deadline = openDeadline(PATIENCE_MS, desk.stopped);
  try {
    const id = await ask(env[METADATA] ?? "", deadline.signal);
    return id === undefined ? undefined : { id, from: "the task metadata of ECS" };
  } catch (error) {
    desk.check();
    emit({
      type: "warning",
      message: `the task metadata of ECS does not name the release: ${messageOf(error)}`,
      hint: "Name the release with --release, ENTRYPOINT_RELEASE or a receipt; without one each container migrates.",
    });
    return undefined;
  }
}

async function ask(address: string, signal: AbortSignal): Promise<string | undefined> {
  const { containerImage } = await import("../aws/container-image.ts");
  let last: unknown;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      return await containerImage(address, signal);
    } catch (error) {
      if (!signal.aborted) last = error;
      await pause(backOff(attempt), signal).catch(() => undefined);
    }
  }
  throw last ?? new Error(`no answer in ${String(PATIENCE_MS / 1000)} s`);
}
