import { describe, expect, it } from "vitest";

import { step } from "../../../src/process/supervision/machine.ts";
import type { EndPolicy, RestartRule, SupervisionPlan } from "../../../src/process/supervision/plan.ts";
import { restartPause } from "../../../src/process/supervision/plan.ts";
import type { SupervisionEvent } from "../../../src/process/supervision/states.ts";
import { advance, beginWorld, possibleEvents, timersUntilEnd, type World } from "./model.ts";

const ON_FAILURE: RestartRule = { when: "failure", most: 1, backOffMs: 100, longestMs: 1_000 };
const ALWAYS: RestartRule = { ...ON_FAILURE, when: "always", most: 2 };

function plan(endWhen: EndPolicy): SupervisionPlan {
  return {
    processes: [
      { name: "a", argv: ["a"] },
      { name: "b", argv: ["b"], restart: ON_FAILURE, stopSignal: "SIGQUIT" },
      { name: "c", argv: ["c"], restart: ALWAYS },
    ],
    endWhen,
    graceMs: 8_000,
  };
}

const POLICIES: readonly EndPolicy[] = ["any", "all", { named: "b" }];
const DEPTH = 7;
const RANDOM_RUNS = 100_000;

describe.each(POLICIES)("three processes, the end is that of %o", (policy) => {
  const three = plan(policy);

  it("holds what it promises after every sequence of seven events", () => {
    let reached = new Map([["", beginWorld(three)]]);
    const seen = new Set<string>();
    let sequences = 1;
    for (let depth = 0; depth < DEPTH; depth += 1) {
      const next = new Map<string, World>();
      for (const world of reached.values()) {
        for (const event of possibleEvents(world)) {
          sequences += 1;
          const after = advance(three, world, event);
          const key = JSON.stringify(after);
          if (seen.has(key)) continue;
          seen.add(key);
          // Whatever state it is in: when nobody ends by himself, it ends when the grace is over.
          timersUntilEnd(three, after);
          next.set(key, after);
        }
      }
      reached = next;
    }
    expect(sequences).toBeGreaterThan(10_000);
  });
});

it(`holds it after ${String(RANDOM_RUNS)} random longer sequences`, () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = randomNumbers(seed);
  for (let run = 0; run < RANDOM_RUNS; run += 1) {
    const three = plan(POLICIES[run % POLICIES.length] ?? "any");
    let world = beginWorld(three);
    const length = 8 + Math.floor(random() * 32);
    try {
      for (let count = 0; count < length && !world.state.ended; count += 1) {
        const events = possibleEvents(world);
        const event = events[Math.floor(random() * events.length)];
        if (event !== undefined) world = advance(three, world, event);
      }
      expect(timersUntilEnd(three, world)).toBeLessThanOrEqual(6);
    } catch (cause) {
      throw new Error(`with seed ${String(seed)} in run ${String(run)}`, { cause });
    }
  }
});

it("takes no notice of what does not fit", () => {
  const three = plan("all");
  const { state } = beginWorld(three);
  expect(step(three, state, { type: "due", process: 0 })).toEqual({ state, effects: [] });
  expect(step(three, state, { type: "group-gone", process: 0 })).toEqual({ state, effects: [] });
  expect(step(three, state, { type: "due", process: 9 })).toEqual({ state, effects: [] });
});

it("ends at once when there is nothing to supervise", () => {
  expect(beginWorld({ processes: [], endWhen: "all", graceMs: 1 }).state.ended).toBe(true);
});

describe("restarts", () => {
  const alone: SupervisionPlan = {
    processes: [{ name: "a", argv: ["a"], restart: ON_FAILURE }],
    endWhen: "any",
    graceMs: 1,
  };

  it("pause twice as long each time, up to the longest", () => {
    expect([0, 1, 2, 3, 4, 1_000].map((count) => restartPause(ON_FAILURE, count))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
  });

  it("begin to count anew after a long run", () => {
    let world = advance(alone, beginWorld(alone), fails(5));
    world = advance(alone, world, { type: "due", process: 0 });
    expect(advance(alone, world, fails(5)).state).toMatchObject({ ended: true, verdict: 7 });
    expect(advance(alone, world, fails(1_001)).state).toMatchObject({ ended: false });
  });
});

function fails(ranMs: number): SupervisionEvent {
  return { type: "exited", process: 0, exitCode: 7, ranMs, groupIsGone: true };
}

/** Mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomNumbers(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
