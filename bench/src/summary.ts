import type { Timing } from "./interleave.ts";

/** What the samples of a case come to, in milliseconds. */
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

/** How many times the median of `timing` is that of `base`. */
export function ratioOf(timing: Timing, base: Timing): number {
  return spreadOf(timing.samples).median / spreadOf(base.samples).median;
}

/** A table for people: a line per case, ratios against the first. */
export function timingTable(timings: readonly Timing[]): string {
  const [base] = timings;
  if (base === undefined) return "";
  const width = Math.max(...timings.map(({ name }) => name.length));
  return timings
    .map((timing) => {
      const { median, low, high } = spreadOf(timing.samples);
      const figures = `${median.toFixed(1).padStart(10)} ms  (${low.toFixed(1)} – ${high.toFixed(1)})`;
      return `${timing.name.padEnd(width)}${figures.padEnd(40)}× ${ratioOf(timing, base).toFixed(2)}\n`;
    })
    .join("");
}

function quantile(sorted: readonly number[], at: number): number {
  const position = (sorted.length - 1) * at;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}
