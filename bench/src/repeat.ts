import type { BenchReport } from "./report.ts";
import { isRatio } from "./result.ts";

/** How far the ratios of two runs may be apart, as a share of the first's. */
export const REPEAT_BOUND = 0.15;

/** By ratio that both runs have, how far the second run's is from the first's, as a share of the first's. */
export function differences(first: BenchReport, second: BenchReport): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(first.figures).flatMap(([figure, value]) => {
      const again = second.figures[figure];
      return isRatio(figure) && again !== undefined ? [[figure, Math.abs(again - value) / value] as const] : [];
    }),
  );
}

/** A line per ratio for people, and how many are too far apart. */
export function differenceLines(repeated: Readonly<Record<string, number>>): string {
  const rows = Object.entries(repeated).toSorted(([, a], [, b]) => b - a);
  if (rows.length === 0) return "no ratio that a second run could confirm\n";
  const lines = rows.map(([figure, share]) => {
    return `${(share * 100).toFixed(1).padStart(6)} %  ${figure}${share > REPEAT_BOUND ? "  TOO FAR APART" : ""}`;
  });
  const apart = rows.filter(([, share]) => share > REPEAT_BOUND).length;
  const bound = `${REPEAT_BOUND * 100} %`;
  return [
    "a second run's ratios differ by",
    ...lines,
    `${rows.length - apart} of ${rows.length} by less than ${bound}`,
    "",
  ].join("\n");
}
