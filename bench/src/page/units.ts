/** A time as people read it: microseconds, milliseconds or seconds. */
export function timeWords(milliseconds: number): string {
  if (milliseconds >= 100_000) return `${Math.round(milliseconds / 1_000)} s`;
  if (milliseconds >= 10_000) return `${Number((milliseconds / 1_000).toFixed(1))} s`;
  if (milliseconds >= 1_000) return `${Number((milliseconds / 1_000).toPrecision(3))} s`;
  if (milliseconds >= 100) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 1) return `${Number((milliseconds * 1_000).toPrecision(2))} µs`;
  return `${Number(milliseconds.toPrecision(2))} ms`;
}

/** A number as people read it. */
export function numberWords(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 1 ? 3 : 2 });
}

/** A number beside what it has to be: with digits that tell it from a bound it just misses. */
export function targetWords(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 4 });
}

/** A ratio as people read it. */
export function ratioWords(ratio: number): string {
  return ratio.toFixed(ratio < 10 ? 2 : ratio < 100 ? 1 : 0);
}

/** A share of a whole as people read it: one that just misses a bound in whole percent is told from it. */
export function shareWords(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
