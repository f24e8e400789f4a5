/** A time as people read it: milliseconds below two seconds, seconds above. */
export function timeWords(milliseconds: number): string {
  if (milliseconds >= 100_000) return `${Math.round(milliseconds / 1_000)} s`;
  if (milliseconds >= 2_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  if (milliseconds >= 100) return `${Math.round(milliseconds)} ms`;
  return `${Number(milliseconds.toPrecision(2))} ms`;
}

/** A number as people read it. */
export function numberWords(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 1 ? 3 : 2 });
}

/** A ratio as people read it. */
export function ratioWords(ratio: number): string {
  return ratio.toFixed(ratio < 10 ? 2 : ratio < 100 ? 1 : 0);
}
