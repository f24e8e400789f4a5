import type { Timing } from "../interleave.ts";
import { spreadOf } from "../summary.ts";
import { label, line, picture, type Colour } from "./svg.ts";
import { numberWords, timeWords } from "./units.ts";

const WIDTH = 600;
const HEIGHT = 340;
const PLOT = { left: 70, right: 560, top: 40, bottom: 290 };
const SERIES: readonly Colour[] = ["ours", "second", "third"];

const READING = "instructions; a line that rises one decade for each decade to the right is linear growth";

/** Times over sizes, both on logarithmic axes, a line for each group; the names of its timings begin with the sizes. */
export function growthChart(title: string, groups: ReadonlyMap<string, readonly Timing[]>): string {
  const lines = [...groups].map(([name, timings]) => ({ name, points: timings.map((timing) => pointOf(timing)) }));
  const axes = axesOf(lines.flatMap(({ points }) => points));
  const middle = (PLOT.left + PLOT.right) / 2;
  return picture(WIDTH, HEIGHT, title, [
    ...grid(axes),
    ...lines.map(({ points }, at) => series(points, colourOf(at), axes)),
    ...lines.flatMap(({ name }, at) => legend(name, colourOf(at), PLOT.left + at * 90)),
    label({ x: middle, y: HEIGHT - 10 }, READING, { colour: "quiet", anchor: "middle" }),
  ]);
}

interface Point {
  readonly size: number;
  readonly time: number;
}

/** From the exponent of the lowest power of ten to that of the highest, on both axes. */
interface Axes {
  readonly xs: readonly [number, number];
  readonly ys: readonly [number, number];
}

function grid({ xs, ys }: Axes): readonly string[] {
  const across = powers(xs).flatMap((size) => {
    const x = xOf(size, xs);
    const top = line(
      [
        [x, PLOT.top],
        [x, PLOT.bottom],
      ],
      "line",
    );
    return [top, label({ x, y: PLOT.bottom + 18 }, numberWords(size), { colour: "quiet", anchor: "middle" })];
  });
  const up = powers(ys).flatMap((time) => {
    const y = yOf(time, ys);
    const left = line(
      [
        [PLOT.left, y],
        [PLOT.right, y],
      ],
      "line",
    );
    return [left, label({ x: PLOT.left - 8, y: y + 4 }, timeWords(time), { colour: "quiet", anchor: "end" })];
  });
  return [...across, ...up];
}

function legend(name: string, colour: Colour, x: number): readonly string[] {
  return [
    line(
      [
        [x, 20],
        [x + 20, 20],
      ],
      colour,
      2,
    ),
    label({ x: x + 26, y: 24 }, name),
  ];
}

function colourOf(at: number): Colour {
  return SERIES[at % SERIES.length] ?? "ours";
}

function series(points: readonly Point[], colour: Colour, { xs, ys }: Axes): string {
  const path = points.map(({ size, time }) => [xOf(size, xs), yOf(time, ys)] as const);
  return line(path, colour, 2);
}

function xOf(size: number, xs: Axes["xs"]): number {
  return between(Math.log10(size), xs, [PLOT.left, PLOT.right]);
}

function yOf(time: number, ys: Axes["ys"]): number {
  return between(Math.log10(time), ys, [PLOT.bottom, PLOT.top]);
}

function pointOf({ name, samples }: Timing): Point {
  return { size: Number(name.replaceAll(",", "").split(" ")[0]), time: spreadOf(samples).median };
}

function axesOf(points: readonly Point[]): Axes {
  return { xs: decades(points.map(({ size }) => size)), ys: decades(points.map(({ time }) => time)) };
}

/** The exponents of the powers of ten around the values. */
function decades(values: readonly number[]): readonly [number, number] {
  return [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
}

function powers([from, to]: readonly [number, number]): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => 10 ** (from + at));
}

function between(value: number, [low, high]: readonly [number, number], [from, to]: readonly [number, number]): number {
  return high === low ? from : from + ((value - low) / (high - low)) * (to - from);
}
