import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { Timing } from "../src/interleave.ts";
import { barChart } from "../src/page/bar-chart.ts";
import { growthChart } from "../src/page/growth-chart.ts";
import { renderPage } from "../src/page/page.ts";
import { SECTIONS } from "../src/page/sections.ts";
import { numberWords, ratioWords, targetWords, timeWords } from "../src/page/units.ts";
import { RESULTS, type BenchReport } from "../src/report.ts";
import { groupsOf } from "../src/summary.ts";
import { TARGETS } from "../src/targets.ts";

const TIMINGS: readonly Timing[] = [
  {
    group: "upload",
    name: "Slipway",
    samples: [1_000, 1_100, 900],
    measures: { "PUT requests": [3_000, 3_000, 3_000] },
  },
  { group: "upload", name: "<peer> & co", samples: [4_000] },
  { group: "again", name: "Slipway", samples: [100] },
];

const section = SECTIONS.find(({ bench }) => bench === "language") ?? SECTIONS[0];

const REPORT: BenchReport = {
  bench: "language",
  at: "2026-11-29T01:00:00.000Z",
  revision: "abc1234",
  seconds: 61,
  machine: { cpus: 2, model: "a processor", memoryGiB: 8, busy: 0.02 },
  versions: { node: "v24.0.0" },
  remarks: ["s3cmd not found"],
  timings: TIMINGS,
  figures: { "render: exponent of growth": 1, "parse: exponent of growth": 1.4 },
  repeated: { "a / b": 0.03, "c / d": 0.2 },
};

describe("a bar chart", () => {
  const svg = barChart("Uploads", groupsOf(TIMINGS), /^Slipway/);

  it("has a bar for each case, a whisker where there is a spread, and a legend", () => {
    expect(svg.match(/<rect class="ours"/g)).toHaveLength(3);
    expect(svg.match(/<rect class="other"/g)).toHaveLength(2);
    expect(svg.match(/<path class="text-line"/g)).toHaveLength(6);
    expect(svg).toContain("shorter is better");
  });

  it("draws bars in proportion, and writes times and ratios", () => {
    const widths = [...svg.matchAll(/<rect class="(?:ours|other)" x="152" .*?width="([\d.]+)"/g)].map(([, width]) =>
      Number(width),
    );
    expect(widths).toEqual([50.5, 202]);
    expect(svg).toContain("4 s, × 4.00");
  });

  it("escapes names, and has colours for light and dark", () => {
    expect(svg).toContain("&lt;peer&gt; &amp; co");
    expect(svg).toContain("prefers-color-scheme:dark");
  });
});

describe("a growth chart", () => {
  it("draws linear growth as a straight line", () => {
    const timings = [10, 100, 1_000].map((size) => ({
      group: "render",
      name: `${size.toLocaleString("en")} instructions`,
      samples: [size / 10],
    }));
    const [, path = ""] =
      /<path class="ours-line" stroke-width="2" d="(M\d[^"]*L[^"]*L[^"]*)"/.exec(growthChart("", groupsOf(timings))) ??
      [];
    const [first, second, third] = path
      .slice(1)
      .split("L")
      .map((point) => point.split(" ").map(Number));
    expect((first?.[1] ?? 0) - (second?.[1] ?? 0)).toBeCloseTo((second?.[1] ?? 0) - (third?.[1] ?? 0), 0);
  });
});

describe("the page", () => {
  const page = section === undefined ? "" : renderPage([{ section, report: REPORT }]);

  it("shows a target that is missed as missed, and one without a figure as not measured", () => {
    expect(page).toMatch(/render: exponent of growth \| at most 1\.1 \| 1 \| met \|/);
    expect(page).toMatch(/parse: exponent of growth \| at most 1\.1 \| 1\.4 \| \*\*missed\*\* \|/);
    expect(page).toMatch(/check: exponent of growth \| at most 1\.1 \| {2}\| not measured \|/);
    expect(page).toContain("1 missed, 1 not measured");
  });

  it("has date, machine, versions, remarks, how far a second run was, and what is not shown", () => {
    expect(page).toContain(
      "Run on 2026-11-29 at commit abc1234, in 2 minutes, on 2 cores (a processor) and 8 GiB of memory with 2 % of the processors in use before.",
    );
    const short = section === undefined ? "" : renderPage([{ section, report: { ...REPORT, seconds: 20 } }]);
    expect(short).toContain(", in a minute, on");
    expect(page).toContain("node v24.0.0");
    expect(page).toContain("**Note:** s3cmd not found.");
    expect(page).toContain("by at most 20 %; by more than 15 %: c / d (20 %)");
    expect(page).toContain("do not show");
  });

  it("has a row for each case with what it asked for", () => {
    expect(page).toContain("| Slipway | 1 s | 950 ms – 1.05 s | 3 | 1.00 | 3,000 |");
  });

  it("says so where no second run was made", () => {
    const { repeated: _, ...once } = REPORT;
    expect(section && renderPage([{ section, report: once }])).toContain(
      "No second run has been held against this one.",
    );
  });

  it("says of what was not run that it was not measured", () => {
    expect(section && renderPage([{ section, report: undefined }])).toContain("Not measured yet.");
  });

  it.each(SECTIONS.filter(({ cases }) => cases !== undefined))(
    "says what each case of $bench is",
    ({ bench, cases }) => {
      const { timings } = JSON.parse(readFileSync(join(RESULTS, `${bench}.json`), "utf8")) as BenchReport;
      const unsaid = timings.filter(({ name }) => !cases?.some(([begins]) => name.startsWith(begins)));
      expect(unsaid.map(({ name }) => name)).toEqual([]);
    },
  );

  it("has a section for every target", () => {
    const benches = new Set(SECTIONS.map(({ bench }) => bench));
    expect(TARGETS.filter(({ bench }) => !benches.has(bench))).toEqual([]);
  });
});

describe("numbers", () => {
  it.each([
    [timeWords(0.0123), "12 µs"],
    [timeWords(36.62), "37 ms"],
    [timeWords(1_430), "1.43 s"],
    [timeWords(8_775), "8.78 s"],
    [timeWords(10_000), "10 s"],
    [timeWords(12_890), "12.9 s"],
    [timeWords(164_692), "165 s"],
    [ratioWords(1.034), "1.03"],
    [ratioWords(15.32), "15.3"],
    [numberWords(0.12345), "0.123"],
    [numberWords(3_174.831), "3,174.83"],
    [targetWords(0.9961), "0.9961"],
    [targetWords(1.2512), "1.251"],
  ])("are written as %s", (written, expected) => {
    expect(written).toBe(expected);
  });
});
