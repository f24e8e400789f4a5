/**
 * Writes which of `keys` (sorted) are in `subset` (sorted) as lengths of runs: so many absent, so many present, and so
 * on, the last absent run left out. Releases share nearly all keys, so twenty of them cost little more than one.
 */
export function toRuns(keys: readonly string[], subset: readonly string[]): readonly number[] {
  const runs: number[] = [];
  let present = false;
  let length = 0;
  let next = 0;
  for (const key of keys) {
    const here = subset[next] === key;
    if (here) next += 1;
    if (here !== present) {
      runs.push(length);
      present = here;
      length = 0;
    }
    length += 1;
  }
  if (present) runs.push(length);
  if (next !== subset.length) throw new Error(`key ${subset[next] ?? ""} is not among the ledger's files`);
  return runs;
}

/** Reads runs back; they must not reach beyond `keys`. */
export function fromRuns(keys: readonly string[], runs: readonly number[]): readonly string[] {
  const subset: string[] = [];
  let position = 0;
  for (const [index, length] of runs.entries()) {
    const end = position + length;
    if (index % 2 === 1) for (let at = position; at < end; at += 1) subset.push(keys[at] ?? "");
    position = end;
  }
  return subset;
}
