const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const DURATION = /^(\d+)(ms|s|m|h)$/;

/** Longest delay a timer of Node takes. */
const LONGEST_MS = 2_147_483_647;

/** Milliseconds of `500ms`, `60s`, `15m`, `1h`; `undefined` for anything else. */
export function durationMs(text: string): number | undefined {
  const [, amount, unit = ""] = DURATION.exec(text) ?? [];
  const ms = amount === undefined ? Number.NaN : Number(amount) * (UNITS[unit] ?? Number.NaN);
  return ms > 0 && ms <= LONGEST_MS ? ms : undefined;
}
