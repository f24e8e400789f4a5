/** `1 file`, `2 files`. */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

/** `812 B`, `3.4 MB`; powers of 1000. */
export function bytesText(number: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"] as const;
  const power = number < 1000 ? 0 : Math.min(Math.floor(Math.log10(number) / 3), units.length - 1);
  const value = number / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
