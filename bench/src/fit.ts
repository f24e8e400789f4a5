/** How a time grows with a size. */
export interface Fit {
  /** The slope of the line through the logarithms: 1 is linear, 2 quadratic. */
  readonly exponent: number;
  /** How much of the variation of the logarithms that line explains, between 0 and 1. */
  readonly explained: number;
}

/** A size and the time it took, both above 0. */
export interface Point {
  readonly size: number;
  readonly time: number;
}

/**
 * Fits `time = c × size^exponent` by least squares of the logarithms.
 * @throws Error with fewer than two sizes: there is no growth in one.
 */
export function fitGrowth(points: readonly Point[]): Fit {
  if (new Set(points.map(({ size }) => size)).size < 2) throw new Error("a fit needs two sizes at least");
  const xs = centred(points.map(({ size }) => Math.log(size)));
  const ys = centred(points.map(({ time }) => Math.log(time)));
  const xx = product(xs, xs);
  const yy = product(ys, ys);
  const xy = product(xs, ys);
  return { exponent: xy / xx, explained: yy === 0 ? 1 : xy ** 2 / (xx * yy) };
}

function centred(values: readonly number[]): readonly number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function product(as: readonly number[], bs: readonly number[]): number {
  return as.reduce((sum, a, at) => sum + a * (bs[at] ?? 0), 0);
}
