import { describe, expect, it } from "vitest";

import {
  advance,
  begin,
  type Candidate,
  type ElectionEffect,
  type ElectionEvent,
  type ElectionRecord,
} from "../../src/election/protocol.ts";

/**
 * A model of a back end and of several containers: each holds a candidate and the effect it still has to carry out. The
 * explorer takes every order of their effects, and lets containers die, lose their connection and fail at every point.
 */
interface Container {
  readonly candidate: Candidate;
  readonly pending: ElectionEffect | undefined;
  readonly alive: boolean;
  /** Its task runs. */
  readonly running: boolean;
}

interface World {
  readonly containers: readonly Container[];
  readonly lock: number | undefined;
  readonly record: ElectionRecord | undefined;
  /** How often the task ran to its end. */
  readonly completed: number;
  readonly faults: { readonly deaths: number; readonly losses: number; readonly failures: number };
}

const RULES = { remember: true, tries: 2 };

function newWorld(size: number, faults: World["faults"]): World {
  const { candidate, effect } = begin();
  const containers = Array.from({ length: size }, () => ({ candidate, pending: effect, alive: true, running: false }));
  return { containers, lock: undefined, record: undefined, completed: 0, faults };
}

/** Every world that one step of one container leads to. */
function next(world: World): World[] {
  return world.containers.flatMap((container, index) => {
    if (!container.alive || container.pending === undefined || container.pending.type === "finish") return [];
    return [...carryOut(world, index, container.pending), ...death(world, index), ...loss(world, index, container)];
  });
}

type Effect<T extends ElectionEffect["type"]> = Extract<ElectionEffect, { readonly type: T }>;
type Carry = { readonly [T in ElectionEffect["type"]]: (world: World, index: number, effect: Effect<T>) => World[] };

const CARRY: Carry = {
  connect: (world, index) => [feed(world, index, { type: "connected" })],
  read: (world, index) => [feed(world, index, { type: "read", record: world.record })],
  "try-lock": (world, index) => {
    const free = world.lock === undefined || world.lock === index;
    return [feed(free ? { ...world, lock: index } : world, index, { type: free ? "locked" : "busy" })];
  },
  "wait-free": (world, index) => (world.lock === undefined ? [feed(world, index, { type: "free" })] : []),
  "record-running": (world, index, { failures }) => [writeDown(world, index, recordOf("running", index, failures))],
  act: (world, index) => {
    const done = feed({ ...world, completed: world.completed + 1 }, index, { type: "succeeded" });
    if (world.faults.failures === 0) return [done];
    const faults = { ...world.faults, failures: world.faults.failures - 1 };
    return [done, feed({ ...world, faults }, index, { type: "failed", failure: { message: "no", exitCode: 1 } })];
  },
  "stop-task": (world, index) => {
    return [feed({ ...world, lock: world.lock === index ? undefined : world.lock }, index, { type: "interrupted" })];
  },
  "record-done": (world, index, { failures }) => [writeDown(world, index, recordOf("done", index, failures))],
  "record-failed": (world, index, { failures }) => [writeDown(world, index, recordOf("failed", index, failures))],
  finish: () => [],
};

function carryOut<T extends ElectionEffect["type"]>(
  world: World,
  index: number,
  effect: Effect<T> & { type: T },
): World[] {
  const carry: (world: World, index: number, effect: Effect<T>) => World[] = CARRY[effect.type];
  return carry(world, index, effect);
}

function writeDown(world: World, index: number, written: ElectionRecord): World {
  return feed({ ...world, record: written }, index, { type: "recorded" });
}

function recordOf(state: ElectionRecord["state"], index: number, failures: number): ElectionRecord {
  return { state, holder: String(index), failures, message: state === "failed" ? "no" : "", exitCode: 0, seconds: 0 };
}

function feed(world: World, index: number, event: ElectionEvent): World {
  const container = world.containers[index];
  if (container === undefined) throw new Error("no such container");
  const { candidate, effect } = advance(container.candidate, event, RULES);
  const finished = effect?.type === "finish" && world.lock === index;
  const ends = event.type === "succeeded" || event.type === "failed" || event.type === "interrupted";
  const running = effect?.type === "act" || (container.running && !ends);
  const moved = { ...container, candidate, pending: effect, running };
  return { ...world, lock: finished ? undefined : world.lock, containers: world.containers.with(index, moved) };
}

/** A killed container frees the lock at once; the record stays as it is. */
function death(world: World, index: number): World[] {
  const container = world.containers[index];
  if (world.faults.deaths === 0 || container === undefined) return [];
  const faults = { ...world.faults, deaths: world.faults.deaths - 1 };
  const lock = world.lock === index ? undefined : world.lock;
  return [{ ...world, faults, lock, containers: world.containers.with(index, { ...container, alive: false }) }];
}

/** A lost connection is noticed; the server gives the lock back when the task was stopped, or at once when none runs. */
function loss(world: World, index: number, { candidate }: Container): World[] {
  if (world.faults.losses === 0 || candidate.phase === "stopping") return [];
  const faults = { ...world.faults, losses: world.faults.losses - 1 };
  const keeps = candidate.phase === "acting" || world.lock !== index;
  return [feed({ ...world, faults, lock: keeps ? world.lock : undefined }, index, { type: "lost", reason: "cut" })];
}

/** What must hold in every world, and in those that lead nowhere else; each tells what is wrong, if anything. */
interface Claims {
  readonly always: (world: World) => boolean;
  readonly atTheEnd: (world: World) => boolean;
}

interface Exploration {
  readonly worlds: number;
  readonly violations: readonly World[];
}

/** Visits every world there is. */
function explore(start: World, claims: Claims): Exploration {
  const seen = new Set<string>([JSON.stringify(start)]);
  const violations: World[] = [];
  const queue = [start];
  for (let world = queue.pop(); world !== undefined; world = queue.pop()) {
    const following = next(world);
    if (!claims.always(world) || (following.length === 0 && !claims.atTheEnd(world))) violations.push(world);
    for (const one of following) {
      const key = JSON.stringify(one);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(one);
    }
  }
  return { worlds: seen.size, violations };
}

function oneActs(world: World): boolean {
  return world.containers.filter(({ alive, running }) => alive && running).length <= 1;
}

function doneIsFinal(world: World): boolean {
  return world.record?.state !== "done" || !pending(world).includes("record-running");
}

function pending(world: World): string[] {
  return world.containers.flatMap(({ alive, pending: effect }) => (alive && effect !== undefined ? [effect.type] : []));
}

function outcomes(world: World): string[] {
  return world.containers.flatMap(({ alive, pending: effect }) => {
    return alive && effect?.type === "finish" ? [effect.outcome.type] : [];
  });
}

/** Every container that lives has come to an end. */
function allEnded(world: World): boolean {
  return outcomes(world).length === world.containers.filter(({ alive }) => alive).length;
}

function allAre(world: World, ...types: readonly string[]): boolean {
  return allEnded(world) && outcomes(world).every((type) => types.includes(type));
}

describe("every order of three containers", () => {
  it("lets one act at a time, and the task complete once, when nothing goes wrong", () => {
    const { worlds, violations } = explore(newWorld(3, { deaths: 0, losses: 0, failures: 0 }), {
      always: (world) => oneActs(world) && doneIsFinal(world) && world.completed <= 1,
      atTheEnd: (world) => outcomes(world).toSorted().join(" ") === "followed followed led",
    });
    expect(violations).toEqual([]);
    expect(worlds).toBeGreaterThan(300);
  });

  it("ends with the task done while one container lives, however two die", () => {
    const { worlds, violations } = explore(newWorld(3, { deaths: 2, losses: 0, failures: 0 }), {
      always: (world) => oneActs(world) && doneIsFinal(world),
      atTheEnd: (world) => world.record?.state === "done" && allAre(world, "led", "followed"),
    });
    expect(violations).toEqual([]);
    expect(worlds).toBeGreaterThan(1_000);
  });

  it("stops the task of a container that lost the lock before another acts", () => {
    const { violations } = explore(newWorld(3, { deaths: 0, losses: 2, failures: 0 }), {
      always: (world) => oneActs(world) && doneIsFinal(world),
      atTheEnd: allEnded,
    });
    expect(violations).toEqual([]);
  });

  it("tells a failure to all that watched, and tries no more often than allowed", () => {
    const { violations } = explore(newWorld(3, { deaths: 0, losses: 0, failures: 3 }), {
      always: (world) => oneActs(world) && (world.record?.failures ?? 0) <= RULES.tries,
      atTheEnd: (world) => world.record?.state !== "failed" || allAre(world, "failed", "failed-elsewhere"),
    });
    expect(violations).toEqual([]);
  });

  it("holds with deaths, losses and failures together", () => {
    const { worlds, violations } = explore(newWorld(3, { deaths: 1, losses: 1, failures: 1 }), {
      always: (world) => oneActs(world) && doneIsFinal(world),
      atTheEnd: allEnded,
    });
    expect(violations).toEqual([]);
    expect(worlds).toBeGreaterThan(5_000);
  });
});

it("takes over from a dead leader: a record that says running while the lock is free", () => {
  const record = recordOf("running", 9, 0);
  const read = advance(begin().candidate, { type: "connected" }, RULES);
  const tried = advance(read.candidate, { type: "read", record }, RULES);
  expect(tried.effect).toEqual({ type: "try-lock" });
  const locked = advance(tried.candidate, { type: "locked" }, RULES);
  expect(advance(locked.candidate, { type: "read", record }, RULES).effect).toEqual({
    type: "record-running",
    failures: 0,
  });
});

it("remembers nothing without a release", () => {
  const rules = { ...RULES, remember: false };
  const read = advance(begin().candidate, { type: "connected" }, rules);
  expect(advance(read.candidate, { type: "read", record: recordOf("done", 1, 0) }, rules).effect).toEqual({
    type: "try-lock",
  });
});

it("treats an event that cannot happen as a bug", () => {
  expect(() => advance(begin().candidate, { type: "succeeded" }, RULES)).toThrow(
    "connecting cannot take the event succeeded",
  );
});
