import { describe, expect, it } from "vitest";

import { ByteBudget } from "../../src/sync/byte-budget.ts";

describe("the byte budget", () => {
  it("never lets more through than fit, and lets what is too large through alone", async () => {
    const budget = new ByteBudget(100);
    let held = 0;
    const peaks: number[] = [];
    const sizes = [60, 30, 30, 500, 10, 90, 100, 1];
    const work = sizes.map((bytes) =>
      budget.hold(bytes, async () => {
        held += bytes;
        peaks.push(held);
        await Promise.resolve();
        held -= bytes;
      }),
    );
    await Promise.all(work);
    expect(peaks.length).toBe(sizes.length);
    expect(peaks.filter((peak) => peak > 100)).toEqual([500]);
  });

  it("gives the bytes back when the work fails", async () => {
    const budget = new ByteBudget(10);
    await expect(budget.hold(10, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await budget.hold(10, () => Promise.resolve("next"))).toBe("next");
  });
});
