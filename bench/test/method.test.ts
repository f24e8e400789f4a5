import { describe, expect, it } from "vitest";

import { interleave } from "../src/interleave.ts";
import { ratioOf, spreadOf, timingTable } from "../src/summary.ts";

describe("interleave", () => {
  it("runs every case in every round, by turns forward and backward, and keeps no warm-up", async () => {
    const calls: string[] = [];
    const cases = ["a", "b"].map((name) => ({
      name,
      prepare: () => void calls.push(`prepare ${name}`),
      run: () => void calls.push(name),
    }));
    const timings = await interleave(cases, 2);
    expect(calls.filter((call) => call.length === 1).join("")).toBe("abbaab");
    expect(calls.slice(0, 2)).toEqual(["prepare a", "a"]);
    expect(timings.map(({ name, samples }) => [name, samples.length])).toEqual([
      ["a", 2],
      ["b", 2],
    ]);
  });
});

describe("a summary", () => {
  it("has the median and the quartiles, in whatever order the samples came", () => {
    expect(spreadOf([40, 10, 30, 20, 50])).toEqual({ median: 30, low: 20, high: 40 });
    expect(spreadOf([1, 2]).median).toBe(1.5);
  });

  it("compares with the first case", () => {
    const [base, other] = [
      { name: "base", samples: [10, 10, 10] },
      { name: "other", samples: [25, 25, 25] },
    ];
    expect(ratioOf(other, base)).toBe(2.5);
    expect(timingTable([base, other])).toMatch(/^base .*× 1\.00\nother .*× 2\.50\n$/);
  });
});
