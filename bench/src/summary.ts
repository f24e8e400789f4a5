import type { Timing } from "./interleave.ts";

/** What the samples of a case come to, in the unit they are in. */
export interface Spread {
  readonly median: number;
  /** The quartiles: half of the samples lie between them. */
  readonly low: number;
  readonly high: number;
}

/** Median and quartiles of samples, none of which must be missing. */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** Of fewer ratios the median is a chance. */
const FEWEST_PAIRS = 3;

/**
 * How many times as long `timing` takes as `base`, the first case of its group: from the ratios to the runs of `base` around each
 * sample, where it was put between them, or else the median of the ratios of each round, in which both ran side by side, so that a
 * slow minute is in both. Of what ran in one or two rounds: the ratio of the medians.
 */
export function ratioOf({ samples, beside }: Timing, base: Timing): number {
  if (beside !== undefined) return locationOf(pairRatios(samples, beside));
  const ratios = pairRatios(samples, base.samples);
  if (ratios.length < FEWEST_PAIRS) return spreadOf(samples).median / spreadOf(base.samples).median;
  return spreadOf(ratios).median;
}

function pairRatios(samples: readonly number[], paired: readonly number[]): readonly number[] {
  const pairs = Math.min(samples.length, paired.length);
  return Array.from({ length: pairs }, (_, at) => (samples[at] ?? 0) / (paired[at] ?? 0));
}

/**
 * The location of few samples by Hodges and Lehmann, the median of the means of any two, a sample and itself included: nearly as exact
 * as a mean where they scatter evenly, and hardly moved by one that is far off. https://doi.org/10.1214/aoms/1177704172
 */
function locationOf(samples: readonly number[]): number {
  return spreadOf(samples.flatMap((one, at) => samples.slice(at).map((other) => (one + other) / 2))).median;
}

/** Every case beside the first, as figures `group: case / first`; a verdict on one that is rounded may be another. */
export function ratiosToFirst(timings: readonly Timing[], group: string): Readonly<Record<string, number>> {
  const [first, ...rest] = timings;
  if (first === undefined) return {};
  return Object.fromEntries(rest.map((timing) => [`${group}: ${timing.name} / ${first.name}`, ratioOf(timing, first)]));
}

/** The timings of each group, in the order in which they were made; those without one are a group of their own. */
export function groupsOf(timings: readonly Timing[]): ReadonlyMap<string, readonly Timing[]> {
  return Map.groupBy(timings, ({ group = "" }) => group);
}

/** A table for people: a line per case, ratios against the first of its group. */
export function timingTable(timings: readonly Timing[]): string {
  return [...groupsOf(timings)].map(([group, rows]) => (group === "" ? "" : `${group}\n`) + groupTable(rows)).join("");
}

function groupTable(timings: readonly Timing[]): string {
  const [base] = timings;
  if (base === undefined) return "";
  const width = Math.max(...timings.map(({ name }) => name.length));
  return timings
    .map((timing) => {
      const { median, low, high } = spreadOf(timing.samples);
      const figures = `${median.toFixed(1).padStart(10)} ms  (${low.toFixed(1)} – ${high.toFixed(1)})`;
      return `${timing.name.padEnd(width)}${figures.padEnd(40)}× ${ratioOf(timing, base).toFixed(2)}${measuresOf(timing)}\n`;
    })
    .join("");
}

function measuresOf({ measures = {} }: Timing): string {
  const parts = Object.entries(measures).map(
    ([name, values]) => `${Math.round(spreadOf(values).median * 10) / 10} ${name}`,
  );
  return parts.length === 0 ? "" : `  ${parts.join(", ")}`;
}

function quantile(sorted: readonly number[], at: number): number {
  const position = (sorted.length - 1) * at;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}
