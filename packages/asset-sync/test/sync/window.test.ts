import { assert, integer, property, array, constantFrom } from "fast-check";
import { describe, expect, it } from "vitest";

import { Gate } from "../../src/sync/gate.ts";
import { FIRST_WINDOW, nextWindow, type Window, type WindowEvent } from "../../src/sync/window.ts";

function after(events: readonly WindowEvent[], window: Window = FIRST_WINDOW): Window {
  return events.reduce(nextWindow, window);
}

function times(count: number, event: WindowEvent): readonly WindowEvent[] {
  return Array.from({ length: count }, () => event);
}

/** How many ran and how many bytes they held together, at most, and how many ran in all. */
async function pass(sizes: readonly number[], gate: Gate): Promise<{ wide: number; bytes: number; all: number }> {
  const most = { wide: 0, bytes: 0, all: 0 };
  let active = 0;
  let held = 0;
  const work = async (bytes: number): Promise<void> => {
    active += 1;
    held += bytes;
    most.all += 1;
    most.wide = Math.max(most.wide, active);
    if (active > 1) most.bytes = Math.max(most.bytes, held);
    await new Promise((resolve) => setImmediate(resolve));
    active -= 1;
    held -= bytes;
  };
  await gate.each(
    sizes,
    (bytes) => bytes,
    work,
    () => false,
  );
  return most;
}

describe("the window of uploads", () => {
  it("opens with each success until the endpoint first asks for less, up to 128", () => {
    expect(after(times(10, "success")).size).toBe(42);
    expect(after(times(1_000, "success")).size).toBe(128);
  });

  it("halves once for a burst of complaints, and again when they go on", () => {
    const burst = after(times(20, "throttled"), { size: 64, throttled: false, deaf: 0 });
    expect(burst.size).toBe(32);
    const calm = after(times(64, "success"), burst);
    expect(after(["throttled"], calm).size).toBe(Math.floor(calm.size / 2));
  });

  it("opens by one for a whole window of successes once it was halved", () => {
    const halved = after(["throttled"]);
    expect(halved.size).toBe(16);
    expect(Math.floor(after(times(17, "success"), halved).size)).toBe(17);
  });

  it("never leaves its bounds", () => {
    const events = array(constantFrom<WindowEvent>("success", "throttled"), { maxLength: 500 });
    assert(
      property(events, (some) => {
        const { size } = after(some);
        return size >= 1 && size <= 128;
      }),
    );
  });
});

describe("the gate", () => {
  it("lets everything through, never more at once than window and budget take, what is larger alone", async () => {
    const sizes = [60, 30, 30, 500, 10, 90, 100, 1, 1, 1, 1, 1, 1];
    const most = await pass(sizes, new Gate(100, { size: 4, throttled: true, deaf: 0 }));
    expect(most).toEqual({ wide: 4, bytes: 100, all: sizes.length });
  });

  it("has never more under way than there are files, or than the window takes", async () => {
    expect((await pass([1, 1, 1], new Gate())).wide).toBe(3);
    expect(
      (
        await pass(
          Array.from({ length: 100 }, () => 1),
          new Gate(),
        )
      ).wide,
    ).toBe(32);
  });

  it("holds any sizes in any window", async () => {
    const sizes = array(integer({ min: 0, max: 200 }), { maxLength: 40 });
    const window = integer({ min: 1, max: 8 });
    const runs: Promise<boolean>[] = [];
    assert(
      property(sizes, window, (some, size) => {
        const gate = new Gate(100, { size, throttled: true, deaf: 0 });
        runs.push(pass(some, gate).then(({ wide, bytes, all }) => wide <= size && bytes <= 100 && all === some.length));
      }),
    );
    expect(await Promise.all(runs)).not.toContain(false);
  });

  it("begins nothing more once it is over, and waits for what is under way", async () => {
    const begun: number[] = [];
    let ended = 0;
    const work = async (item: number): Promise<void> => {
      begun.push(item);
      await new Promise((resolve) => setImmediate(resolve));
      ended += 1;
    };
    const gate = new Gate(100, { size: 2, throttled: true, deaf: 0 });
    await gate.each(
      [1, 2, 3, 4, 5, 6],
      () => 1,
      work,
      () => begun.length >= 3,
    );
    expect(begun).toEqual([1, 2, 3]);
    expect(ended).toBe(3);
  });
});
