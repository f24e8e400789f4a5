import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { fitGrowth } from "../src/fit.ts";
import { interleave } from "../src/interleave.ts";
import { busyRemark } from "../src/machine.ts";
import { readOptions, UsageError, usageText } from "../src/options.ts";
import { differenceLines, differences } from "../src/repeat.ts";
import { reportText, type BenchReport } from "../src/report.ts";
import { ratioOf, ratiosToFirst, spreadOf, timingTable } from "../src/summary.ts";
import { verdictsOf } from "../src/targets.ts";

const MACHINE = { cpus: 2, model: "a processor", memoryGiB: 4, busy: 0.02 };

function reportOf(figures: Readonly<Record<string, number>>): BenchReport {
  return { bench: "b", at: "", revision: "", machine: MACHINE, versions: {}, remarks: [], timings: [], figures };
}

describe("interleave", () => {
  it("runs every case in every round, by turns forward and backward, and keeps no warm-up", async () => {
    const calls: string[] = [];
    const cases = ["a", "b"].map((name) => ({
      name,
      prepare: () => void calls.push(`prepare ${name}`),
      run: () => void calls.push(name),
    }));
    const timings = await interleave(cases, 2);
    expect(calls.filter((call) => call.length === 1).join("")).toBe("ababba");
    expect(calls.slice(0, 2)).toEqual(["prepare a", "a"]);
    expect(timings.map(({ name, samples }) => [name, samples.length])).toEqual([
      ["a", 2],
      ["b", 2],
    ]);
  });

  it("warms up only the case that the others are compared with, where it is told so", async () => {
    const calls: string[] = [];
    const cases = ["a", "b"].map((name) => ({ name, run: () => void calls.push(name) }));
    const timings = await interleave(cases, 1, { warmUp: "first" });
    expect(calls).toEqual(["a", "a", "b"]);
    expect(timings.map(({ samples }) => samples.length)).toEqual([1, 1]);
  });

  it("runs a case that has had its share no more, and each at least once", async () => {
    const calls: string[] = [];
    const cases = ["a", "b"].map((name) => ({ name, run: () => void calls.push(name) }));
    await interleave(cases, 3, { warmUp: "none", shareMs: 0 });
    expect(calls).toEqual(["a", "b"]);
  });

  it("leaves a case out of the rounds that are more than its own", async () => {
    const calls: string[] = [];
    const b = { name: "b", run: () => void calls.push("b"), rounds: 1 };
    await interleave([{ name: "a", run: () => void calls.push("a") }, b], 3, { warmUp: "none" });
    expect(calls.join("")).toBe("abaa");
  });

  it("keeps what runs measured, a number for each sample", async () => {
    let requests = 1;
    const run = () => (requests === 2 ? { PUT: requests++ } : { PUT: requests++, GET: 1 });
    const [timing] = await interleave([{ name: "a", run }], 2, { warmUp: "none" });
    expect(timing?.measures).toEqual({ PUT: [1, 2], GET: [1, 0] });
  });
});

/** The order in which cases are run that take so many milliseconds, by turns, and what came of it. */
async function orderOf(taking: Readonly<Record<string, readonly number[]>>, rounds: number, shareMs?: number) {
  const calls: string[] = [];
  const cases = Object.entries(taking).map(([name, turns]) => ({
    name,
    run: () => {
      const before = calls.filter((call) => call === name).length;
      calls.push(name);
      vi.advanceTimersByTime(turns[before % turns.length] ?? 0);
    },
  }));
  const timings = await interleave(cases, rounds, {
    warmUp: "none",
    between: true,
    ...(shareMs !== undefined && { shareMs }),
  });
  return { order: calls.join(""), timings };
}

describe("interleave between runs of the first", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => void vi.useRealTimers());

  it("has a run of it before and after each of the others, which are all its samples", async () => {
    const { order, timings } = await orderOf({ a: [10], b: [8], c: [40] }, 2);
    expect(order).toBe("abacacaba");
    expect(timings.map(({ samples }) => samples.length)).toEqual([5, 2, 2]);
    expect(timings.map(({ beside }) => beside)).toEqual([undefined, [10, 10], [10, 10]]);
  });

  it("has more runs of it after what takes far longer, three at most, and takes their mean", async () => {
    const { order, timings } = await orderOf({ a: [10, 6, 14], b: [60], c: [80], d: [1_000] }, 1);
    expect(order).toBe("abaacaadaaa");
    expect(timings.map(({ beside }) => beside)).toEqual([undefined, [10], [9], [9]]);
  });

  it("bounds the others by their share, and not what stands beside them", async () => {
    const { order, timings } = await orderOf({ a: [100], b: [5], c: [50] }, 3, 60);
    expect(order).toBe("abacababa");
    expect(timings.map(({ samples }) => samples.length)).toEqual([5, 3, 1]);
  });
});

describe("a summary", () => {
  it("has the median and the quartiles, in whatever order the samples came", () => {
    expect(spreadOf([40, 10, 30, 20, 50])).toEqual({ median: 30, low: 20, high: 40 });
    expect(spreadOf([1, 2]).median).toBe(1.5);
  });

  it("compares round by round, so that a slow minute is in both", () => {
    const base = { name: "base", samples: [10, 40, 10] };
    expect(ratioOf({ name: "other", samples: [20, 80, 21] }, base)).toBe(2);
  });

  it("compares a case that stands between runs of the other with those", () => {
    const base = { name: "base", samples: [10, 10] };
    expect(ratioOf({ name: "between", samples: [60], beside: [20] }, base)).toBe(3);
    expect(ratioOf({ name: "between", samples: [60, 40], beside: [20, 8] }, base)).toBe(4);
    const scattered = { name: "between", samples: [9, 9, 10, 14, 90], beside: [10, 10, 10, 10, 10] };
    expect(ratioOf(scattered, base)).toBeCloseTo(1.15);
  });

  it("compares what ran in one or two rounds with all rounds of the other", () => {
    const base = { name: "base", samples: [40, 10, 10] };
    expect(ratioOf({ name: "run once", samples: [30] }, base)).toBe(3);
    expect(ratioOf({ name: "run twice", samples: [40, 20] }, base)).toBe(3);
  });

  it("compares with the first case of each group", () => {
    const timings = [
      { group: "one", name: "base", samples: [10, 10, 10] },
      { group: "one", name: "other", samples: [25, 25, 25], measures: { "CPU s": [1, 2, 3] } },
      { group: "two", name: "base", samples: [1] },
    ];
    expect(timingTable(timings)).toMatch(/^one\nbase .*× 1\.00\nother .*× 2\.50 {2}2 CPU s\ntwo\nbase .*× 1\.00\n$/);
    expect(ratiosToFirst(timings.slice(0, 2), "one")).toEqual({ "one: other / base": 2.5 });
  });
});

describe("a fit", () => {
  const sizes = [10, 100, 1_000];

  it("tells linear from quadratic growth", () => {
    const linear = fitGrowth(sizes.map((size) => ({ size, time: 3 * size })));
    expect(linear.exponent).toBeCloseTo(1);
    expect(linear.explained).toBeCloseTo(1);
    expect(fitGrowth(sizes.map((size) => ({ size, time: size ** 2 }))).exponent).toBeCloseTo(2);
  });

  it("says how little it explains, and refuses one size", () => {
    const jumping = fitGrowth(sizes.map((size, at) => ({ size, time: [1, 50, 2][at] ?? 0 })));
    expect(jumping.explained).toBeLessThan(0.2);
    expect(() => fitGrowth([{ size: 1, time: 1 }])).toThrow("two sizes");
  });
});

describe("targets", () => {
  const targets = [
    { bench: "b", figure: "enough / base", atLeast: 2 },
    { bench: "b", figure: "too much / base", atMost: 1.25 },
    { bench: "b", figure: "gone", atLeast: 1 },
    { bench: "other", figure: "enough / base", atLeast: 9 },
  ];

  it("are met, missed or not measured, and none is left out", () => {
    const verdicts = verdictsOf("b", { "enough / base": 2, "too much / base": 1.26 }, targets);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(["met", "missed", "not measured"]);
  });

  it("are missed by what only rounding would have met", () => {
    const figures = ratiosToFirst(
      [
        { name: "base", samples: [1_000] },
        { name: "peer", samples: [996] },
      ],
      "one",
    );
    const target = { bench: "b", figure: "one: peer / base", atLeast: 1 };
    expect(verdictsOf("b", figures, [target])).toMatchObject([{ value: 0.996, verdict: "missed" }]);
  });
});

describe("a second run", () => {
  it("is held against the ratios of the first, which differ by less than 15 % or are named", () => {
    const first = reportOf({ "a / b": 2, "c / d": 10, bytes: 5 });
    const repeated = differences(first, reportOf({ "a / b": 2.4, "c / d": 9.5, bytes: 50 }));
    expect(repeated["a / b"]).toBeCloseTo(0.2);
    expect(repeated["c / d"]).toBeCloseTo(0.05);
    expect(differenceLines(repeated)).toMatch(/20\.0 % {2}a \/ b {2}TOO FAR APART\n.*5\.0 % {2}c \/ d\n1 of 2 by less/);
  });
});

describe("a second run of what has no ratios", () => {
  it("confirms nothing, and says so", () => {
    expect(differenceLines(differences(reportOf({ bytes: 1 }), reportOf({ bytes: 2 })))).toContain("no ratio");
  });
});

describe("a report", () => {
  it("has a list of numbers on one line and no digit that says nothing", () => {
    const text = reportText({ ...reportOf({}), timings: [{ name: "a", samples: [1.23456789, 20] }] });
    expect(text).toContain('"samples": [ 1.2346, 20 ]');
    expect(JSON.parse(text)).toMatchObject({ machine: MACHINE });
  });

  it("says how busy a machine was that was not quiet", () => {
    expect(busyRemark(MACHINE)).toBeUndefined();
    expect(busyRemark({ ...MACHINE, busy: 0.5 })).toMatch(/^50 % of the processors/);
  });
});

describe("the command line", () => {
  const benches = ["assets", "boot"];

  it("names a benchmark and flags", () => {
    expect(readOptions(["assets", "--rounds", "3", "--repeat"], benches)).toEqual({
      bench: "assets",
      rounds: 3,
      json: false,
      anyway: false,
      repeat: true,
    });
  });

  it("says what it takes, each flag on a line", () => {
    const usage = usageText(benches);
    expect(usage).toContain("benchmarks: assets, boot\n");
    for (const flag of ["rounds N", "foreign N", "against REF", "json", "anyway", "repeat"]) {
      expect(usage).toMatch(new RegExp(`^  --${flag} +\\w`, "m"));
    }
  });

  it.each([
    [["asets"], /"asets" is no benchmark; expected one of assets, boot/],
    [[], /"" is no benchmark/],
    [["boot", "--rounds", "0"], /--rounds is "0": expected a whole number above 0/],
    [["boot", "--round", "1"], /^Unknown option '--round'; flags: --rounds/],
    [["boot", "--foreign", "5"], /--foreign is for releases/],
    [["boot", "--repeat", "--against", "main"], /exclude each other/],
  ])("is refused where it means nothing: %j", (words, message) => {
    expect(() => readOptions(words, benches)).toThrow(UsageError);
    expect(() => readOptions(words, benches)).toThrow(message);
  });
});
