import type { Timing } from "../interleave.ts";
import { ratioOf, spreadOf } from "../summary.ts";
import { bar, label, line, picture } from "./svg.ts";
import { ratioWords, timeWords } from "./units.ts";

const WIDTH = 960;
const PANEL = { width: 460, gap: 20, head: 34, row: 22, foot: 16 };
const BAR_HEIGHT = 12;
/** Beside a bar: the least for names on its left, what a letter of them takes, and the figures on its right. */
const NAMES = { least: 142, letter: 7 };
const FIGURES = 116;
const LEGEND = 34;

/** One chart: a panel for each group of timings, two side by side, each with a scale of its own that begins at zero. */
export function barChart(title: string, groups: ReadonlyMap<string, readonly Timing[]>, ours: RegExp): string {
  const parts: string[] = [];
  let top = 0;
  const panels = [...groups];
  for (let at = 0; at < panels.length; at += 2) {
    const pair = panels.slice(at, at + 2);
    parts.push(
      ...pair.flatMap(([name, timings], side) =>
        panel({ left: 10 + side * (PANEL.width + PANEL.gap), top }, name, timings, ours),
      ),
    );
    const rows = Math.max(...pair.map(([, timings]) => timings.length));
    top += PANEL.head + rows * PANEL.row + PANEL.foot;
  }
  return picture(WIDTH, top + LEGEND, title, [...parts, ...legend(top)]);
}

function panel(
  { left, top }: { readonly left: number; readonly top: number },
  name: string,
  timings: readonly Timing[],
  ours: RegExp,
): readonly string[] {
  const names = Math.max(NAMES.least, ...timings.map((timing) => timing.name.length * NAMES.letter + 8));
  const longest = Math.max(...timings.map(({ samples }) => spreadOf(samples).high));
  const scale = (PANEL.width - names - FIGURES) / longest;
  return [
    label({ x: left, y: top + 22 }, name === "" ? "times" : name, { head: true }),
    ...timings.flatMap((timing, row) =>
      rowOf(timing, timings, { x: left + names, top: top + PANEL.head + row * PANEL.row, scale, ours }),
    ),
  ];
}

interface Place {
  /** Where bars begin. */
  readonly x: number;
  readonly top: number;
  /** Pixels to a millisecond. */
  readonly scale: number;
  readonly ours: RegExp;
}

function rowOf(timing: Timing, [first]: readonly Timing[], { x, top, scale, ours }: Place): readonly string[] {
  const { median, low, high } = spreadOf(timing.samples);
  const middle = top + PANEL.row / 2;
  const size = { width: Math.max(1, median * scale), height: BAR_HEIGHT };
  const times = first === undefined || first === timing ? "" : `, × ${ratioWords(ratioOf(timing, first))}`;
  return [
    label({ x: x - 8, y: middle + 4 }, timing.name, { anchor: "end" }),
    bar(x, middle - BAR_HEIGHT / 2, size, ours.test(timing.name) ? "ours" : "other"),
    ...(timing.samples.length > 1 ? whisker(x + low * scale, x + high * scale, middle) : []),
    label({ x: x + Math.max(median, high) * scale + 6, y: middle + 4 }, `${timeWords(median)}${times}`, {
      colour: "quiet",
    }),
  ];
}

function whisker(from: number, to: number, y: number): readonly string[] {
  const end = (x: number): string =>
    line(
      [
        [x, y - 3],
        [x, y + 3],
      ],
      "text",
    );
  return [
    line(
      [
        [from, y],
        [to, y],
      ],
      "text",
    ),
    end(from),
    end(to),
  ];
}

function legend(top: number): readonly string[] {
  const y = top + 18;
  return [
    bar(10, y - 9, { width: 12, height: 10 }, "ours"),
    label({ x: 28, y }, "Slipway", { colour: "quiet" }),
    bar(92, y - 9, { width: 12, height: 10 }, "other"),
    label({ x: 110, y }, "others", { colour: "quiet" }),
    ...whisker(170, 194, y - 4),
    label({ x: 202, y }, "quartiles, where run more than once", { colour: "quiet" }),
    label({ x: WIDTH - 10, y }, "median wall time, a scale for each panel; shorter is better; × to the first row", {
      colour: "quiet",
      anchor: "end",
    }),
  ];
}
