import { describe, expect, it } from "vitest";

import { PrintQueue } from "../src/queue/print-queue.ts";
import {
  EMPTY_QUEUE,
  retryAfter,
  step,
  type QueueEffect,
  type QueueEvent,
  type QueueState,
} from "../src/queue/queue.ts";

const LIMITS = { concurrency: 2, queue: 1 };

function after(events: readonly QueueEvent[]): { state: QueueState; effects: readonly QueueEffect[] } {
  let state = EMPTY_QUEUE;
  const effects: QueueEffect[] = [];
  for (const event of events) {
    const next = step(LIMITS, state, event);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

const arrive = (ticket: number): QueueEvent => ({ kind: "arrive", ticket });
const leave = (ticket: number): QueueEvent => ({ kind: "leave", ticket });
const starts = (effects: readonly QueueEffect[]): readonly number[] =>
  effects.flatMap((effect) => (effect.kind === "start" ? [effect.ticket] : []));

describe("the queue", () => {
  it("starts as many as it may, lets some wait, refuses the rest", () => {
    expect(after([1, 2, 3, 4].map(arrive)).effects).toEqual([
      { kind: "start", ticket: 1 },
      { kind: "start", ticket: 2 },
      { kind: "refuse", ticket: 4, code: "PDF_QUEUE_FULL" },
    ]);
  });

  it("gives a free place to the one that waits, once", () => {
    const { state, effects } = after([...[1, 2, 3].map(arrive), leave(1), leave(1), arrive(5)]);
    expect(starts(effects)).toEqual([1, 2, 3]);
    expect(state).toMatchObject({ running: new Set([2, 3]), waiting: [5] });
  });

  it("forgets one that stops waiting", () => {
    const { state, effects } = after([...[1, 2, 3].map(arrive), leave(3), leave(1)]);
    expect(starts(effects)).toEqual([1, 2]);
    expect(state).toMatchObject({ running: new Set([2]), waiting: [] });
  });

  it("takes nobody while it drains, and finishes all it has", () => {
    const { state, effects } = after([
      ...[1, 2, 3].map(arrive),
      { kind: "drain" },
      arrive(4),
      leave(1),
      leave(2),
      leave(3),
    ]);
    expect(effects.slice(2)).toEqual([
      { kind: "refuse", ticket: 4, code: "PDF_STOPPING" },
      { kind: "start", ticket: 3 },
    ]);
    expect(state).toMatchObject({ running: new Set(), waiting: [] });
  });

  it.each([
    [0, 500, 1],
    [5, 1000, 3],
    [1000, 9000, 60],
  ])("with %i waiting and prints of %i ms says to come again in %i s", (count, meanMs, seconds) => {
    const waiting = Array.from({ length: count }, (_, index) => index);
    expect(retryAfter(LIMITS, { ...EMPTY_QUEUE, waiting }, meanMs)).toBe(seconds);
  });
});

describe("places in the queue", () => {
  const never = new AbortController().signal;

  it("are given in turn and free when they are left", async () => {
    const queue = new PrintQueue(LIMITS);
    const [first] = [await queue.enter(never), await queue.enter(never)];
    const third = queue.enter(never);
    await expect(queue.enter(never)).rejects.toMatchObject({ code: "PDF_QUEUE_FULL" });
    expect(() => queue.check()).toThrow(expect.objectContaining({ code: "PDF_QUEUE_FULL" }));
    first?.[Symbol.dispose]();
    await third;
    expect(queue.counts).toEqual({ running: 2, waiting: 0 });
  });

  it("are given up with the signal's reason", async () => {
    const queue = new PrintQueue(LIMITS);
    await Promise.all([queue.enter(never), queue.enter(never)]);
    const control = new AbortController();
    const third = queue.enter(control.signal);
    control.abort(new Error("gone"));
    await expect(third).rejects.toThrow("gone");
    expect(queue.counts).toEqual({ running: 2, waiting: 0 });
  });

  it("are given to nobody else while it drains, and kept by who has one", async () => {
    const queue = new PrintQueue(LIMITS);
    await queue.enter(never);
    queue.drain();
    await expect(queue.enter(never)).rejects.toMatchObject({ code: "PDF_STOPPING" });
    expect(queue.counts).toEqual({ running: 1, waiting: 0 });
  });
});
