import { begin, step } from "../../../src/process/supervision/machine.ts";
import type { SupervisionPlan } from "../../../src/process/supervision/plan.ts";
import type {
  Step,
  SupervisionEffect,
  SupervisionEvent,
  SupervisionState,
} from "../../../src/process/supervision/states.ts";

/** What there is of a process in the modelled kernel. */
interface Group {
  /** Its first process lives. */
  readonly first: boolean;
  /** Others of its group live. */
  readonly rest: boolean;
  readonly killed: boolean;
  /** It was started a moment ago and may turn out not to have been. */
  readonly fresh: boolean;
  readonly timer: boolean;
}

/** The machine together with the kernel it acts on. */
export interface World {
  readonly state: SupervisionState;
  readonly groups: readonly Group[];
}

const NOTHING: Group = { first: false, rest: false, killed: false, fresh: false, timer: false };

/** The world after the start of a plan. */
export function beginWorld(plan: SupervisionPlan): World {
  const groups = plan.processes.map(() => NOTHING);
  return carryOut({ groups }, begin(plan));
}

/** Every event that the kernel, a clock or a user could cause now. */
export function possibleEvents({ groups }: World): readonly SupervisionEvent[] {
  const own = groups.flatMap((group, process): SupervisionEvent[] => [
    ...(group.first ? exits(process) : []),
    ...(group.first && group.fresh ? [{ type: "not-started", process, exitCode: 127, reason: "gone" } as const] : []),
    ...(!group.first && group.rest ? [{ type: "group-gone", process } as const] : []),
    ...(group.timer ? [{ type: "due", process } as const] : []),
  ]);
  return [...own, { type: "stop" }, { type: "signal", signal: "SIGHUP" }];
}

function exits(process: number): readonly SupervisionEvent[] {
  return [0, 1].flatMap((exitCode) =>
    [true, false].map(
      (groupIsGone) => ({ type: "exited", process, exitCode, ranMs: exitCode * 5_000, groupIsGone }) as const,
    ),
  );
}

/** The world after an event. @throws when the machine does what it must never do */
export function advance(plan: SupervisionPlan, world: World, event: SupervisionEvent): World {
  const groups = "process" in event ? world.groups.with(event.process, after(world, event)) : world.groups;
  const next = step(plan, world.state, event);
  if (world.state.ended && (next.state !== world.state || next.effects.length > 0))
    throw new Error("works after its end");
  return carryOut({ groups }, next);
}

function after({ groups }: World, event: SupervisionEvent & { readonly process: number }): Group {
  const group = { ...(groups[event.process] ?? NOTHING), fresh: false };
  switch (event.type) {
    case "exited":
      return { ...group, first: false, rest: !event.groupIsGone };
    case "not-started":
    case "group-gone":
      return { ...group, first: false, rest: false };
    case "due":
    case "signal":
    case "stop":
      break;
  }
  return { ...group, timer: false };
}

function carryOut({ groups }: Pick<World, "groups">, { state, effects }: Step): World {
  return { state, groups: effects.reduce((all, effect) => apply(all, effect), groups) };
}

function apply(groups: readonly Group[], effect: SupervisionEffect): readonly Group[] {
  if (effect.type === "end") {
    if (groups.some((group) => lives(group) && !group.killed)) throw new Error("ends and leaves a process that lives");
    return groups;
  }
  const group = groups[effect.process] ?? NOTHING;
  if (effect.type === "timer") return groups.with(effect.process, { ...group, timer: effect.ms !== null });
  if (effect.type === "start") {
    if (lives(group) && !group.killed) throw new Error("starts a second time what still lives");
    return groups.with(effect.process, { ...NOTHING, first: true, fresh: true });
  }
  if (!lives(group)) throw new Error("sends a signal to a group that is gone");
  return groups.with(effect.process, { ...group, killed: group.killed || effect.signal === "SIGKILL" });
}

function lives({ first, rest }: Group): boolean {
  return first || rest;
}

/** How many timers have to run out until the end when no process ever ends by itself. @throws when it never comes */
export function timersUntilEnd(plan: SupervisionPlan, world: World): number {
  let so = world.state.stopping === null ? advance(plan, world, { type: "stop" }) : world;
  for (let count = 0; count <= 2 * plan.processes.length; count += 1) {
    if (so.state.ended) return count;
    const process = so.groups.findIndex((group) => group.timer);
    if (process === -1) throw new Error("waits for ever: nothing has a timer");
    so = advance(plan, so, { type: "due", process });
  }
  throw new Error("does not end after the grace");
}
