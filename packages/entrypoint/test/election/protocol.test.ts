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
  const containers = Array.from({ length: size }, () => ({ candidate, pending: effect, alive: true }));
  return { containers, lock: undefined, record: undefined, completed: 0, faults };
}

/** Every world that one step of one container leads to. */
function next(world: World): World[] {
  return world.containers.flatMap((container, index) => {
    if (!container.alive || container.pending === undefined || container.pending.type === "finish") return [];
    return [...carryOut(world, index, container.pending), ...death(world, index), ...loss(world, index, container)];
  });
}

function carryOut(world: World, index: number, effect: ElectionEffect): World[] {
  switch (effect.type) {
    case "connect":
      return [feed(world, index, { type: "connected" })];
    case "read":
      return [feed(world, index, { type: "read", record: world.record })];
    case "try-lock": {
      const free = world.lock === undefined || world.lock === index;
      return [feed(free ? { ...world, lock: index } : world, index, { type: free ? "locked" : "busy" })];
    }
    case "wait-free":
      return world.lock === undefined ? [feed(world, index, { type: "free" })] : [];
    case "record-running":
      return [feed({ ...world, record: recordOf("running", index, effect.failures) }, index, { type: "recorded" })];
    case "act": {
      const done = feed({ ...world, completed: world.completed + 1 }, index, { type: "succeeded" });
      if (world.faults.failures === 0) return [done];
      const faults = { ...world.faults, failures: world.faults.failures - 1 };
      return [done, feed({ ...world, faults }, index, { type: "failed", failure: { message: "no", exitCode: 1 } })];
    }
    case "stop-task":
      return [feed({ ...world, lock: world.lock === index ? undefined : world.lock }, index, { type: "interrupted" })];
    case "record-done":
      return [feed({ ...world, record: recordOf("done", index, effect.failures) }, index, { type: "recorded" })];
    case "record-failed":
      return [feed({ ...world, record: recordOf("failed", index, effect.failures) }, index, { type: "recorded" })];
    case "finish":
      return [];
  }
}

function recordOf(state: ElectionRecord["state"], index: number, failures: number): ElectionRecord {
  return { state, holder: String(index), failures, message: state === "failed" ? "no" : "", exitCode: 0, seconds: 0 };
}

function feed(world: World, index: number, event: ElectionEvent): World {
  const container = world.containers[index];
  if (container === undefined) throw new Error("no such container");
  const { candidate, effect } = advance(container.candidate, event, RULES);
  const finished = effect?.type === "finish" && world.lock === index;
  const moved = { ...container, candidate, pending: effect };
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

/** Visits every world; returns how many there are. */
function explore(start: World, check: (world: World, isEnd: boolean) => void): number {
  const seen = new Set<string>([JSON.stringify(start)]);
  const queue = [start];
  for (let world = queue.pop(); world !== undefined; world = queue.pop()) {
    const following = next(world);
    check(world, following.length === 0);
    for (const one of following) {
      const key = JSON.stringify(one);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(one);
    }
  }
  return seen.size;
}

function acting(world: World): number {
  return world.containers.filter(
    ({ alive, candidate }) => alive && (candidate.phase === "acting" || candidate.phase === "stopping"),
  ).length;
}

function outcomes(world: World): string[] {
  return world.containers.flatMap(({ alive, pending }) =>
    alive && pending?.type === "finish" ? [pending.outcome.type] : [],
  );
}

describe("every order of three containers", () => {
  it("lets one act at a time, and the task complete once, when nothing goes wrong", () => {
    const worlds = explore(newWorld(3, { deaths: 0, losses: 0, failures: 0 }), (world, isEnd) => {
      expect(acting(world)).toBeLessThanOrEqual(1);
      expect(world.completed).toBeLessThanOrEqual(1);
      if (isEnd) expect(outcomes(world).toSorted()).toEqual(["followed", "followed", "led"]);
    });
    expect(worlds).toBeGreaterThan(300);
  });

  it("ends with the task done while one container lives, however two die", () => {
    explore(newWorld(3, { deaths: 2, losses: 0, failures: 0 }), (world, isEnd) => {
      expect(acting(world)).toBeLessThanOrEqual(1);
      if (!isEnd) return;
      expect(world.record?.state).toBe("done");
      expect(outcomes(world)).toHaveLength(world.containers.filter(({ alive }) => alive).length);
      expect(outcomes(world).every((type) => type === "led" || type === "followed")).toBe(true);
    });
  });

  it("never runs it again once it is recorded as done", () => {
    explore(newWorld(3, { deaths: 1, losses: 1, failures: 0 }), (world) => {
      const starters = world.containers.filter(({ alive, pending }) => alive && pending?.type === "record-running");
      if (world.record?.state === "done") expect(starters).toEqual([]);
    });
  });

  it("stops the task of a container that lost the lock before another acts", () => {
    explore(newWorld(3, { deaths: 0, losses: 2, failures: 0 }), (world, isEnd) => {
      expect(acting(world)).toBeLessThanOrEqual(1);
      if (isEnd) expect(outcomes(world)).toHaveLength(3);
    });
  });

  it("tells a failure to all that watched, and tries no more often than allowed", () => {
    explore(newWorld(3, { deaths: 0, losses: 0, failures: 3 }), (world, isEnd) => {
      expect(world.record?.failures ?? 0).toBeLessThanOrEqual(RULES.tries);
      if (!isEnd || world.record?.state !== "failed") return;
      expect(outcomes(world).filter((type) => type !== "failed" && type !== "failed-elsewhere")).toEqual([]);
    });
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
