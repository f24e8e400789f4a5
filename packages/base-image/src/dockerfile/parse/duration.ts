import { shown } from "./fault.ts";

/** Not the micro sign: flags are read byte by byte, so it never comes through. */
const NANOSECONDS: ReadonlyMap<string, number> = new Map([
  ["ns", 1],
  ["us", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
  ["m", 60e9],
  ["h", 3600e9],
]);
const MINIMUM = 1e6;

/** What is wrong with a duration as Go writes it, which for a health check is 0 or at least a millisecond. */
export function checkDuration(text: string, name: string): string | undefined {
  const unsigned = text.replace(/^[+-]/, "");
  if (unsigned === "0") return undefined;
  let total = 0;
  let rest = 0;
  for (const part of unsigned.matchAll(/(\d+\.?\d*|\.\d+)([^\d.]*)/gy)) {
    const [whole, number, unit = ""] = part;
    if (unit === "") return `time: missing unit in duration ${shown(text)}`;
    const factor = NANOSECONDS.get(unit);
    if (factor === undefined) return `time: unknown unit ${shown(unit)} in duration ${shown(text)}`;
    total += Number(number) * factor;
    rest = part.index + whole.length;
  }
  if (unsigned === "" || rest < unsigned.length || total > 2 ** 63) return `time: invalid duration ${shown(text)}`;
  if (total === 0) return undefined;
  return total < MINIMUM || text.startsWith("-") ? `Interval ${shown(name)} cannot be less than 1ms` : undefined;
}
