import { compareKeys } from "../store/key-order.ts";
import type { KeyRange } from "../store/store.ts";

/** Keys that one request lists. */
const PAGE = 1000;
const RANGES_AT_MOST = 16;

/**
 * Splits the keys of a folder into ranges that can be listed side by side, at keys that are likely to be there: about as
 * many lie in each. Pure.
 */
export function keyRanges(folder: string, likely: readonly string[]): readonly KeyRange[] {
  const prefix = `${folder}/`;
  const inside = likely.filter((key) => key.startsWith(prefix)).toSorted(compareKeys);
  const count = Math.min(RANGES_AT_MOST, Math.max(1, Math.ceil(inside.length / PAGE)));
  const ends = Array.from({ length: count - 1 }, (_, n) => inside[Math.floor(((n + 1) * inside.length) / count)] ?? "");
  return Array.from({ length: count }, (_, n) => {
    const [after, upTo] = [ends[n - 1], ends[n]];
    return { prefix, ...(after === undefined ? {} : { after }), ...(upTo === undefined ? {} : { upTo }) };
  });
}
