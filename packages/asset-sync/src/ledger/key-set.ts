/**
 * Which keys of a sorted list a release needs, as lengths of runs: so many absent, so many present, and so on, the last
 * absent run left out. Releases share nearly all keys, so twenty of them cost little more than one.
 */
export type Runs = readonly number[];

/** Writes which of `keys` (sorted) are in `subset` (sorted). */
export function toRuns(keys: readonly string[], subset: readonly string[]): Runs {
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
export function fromRuns(keys: readonly string[], runs: Runs): readonly string[] {
  const subset: string[] = [];
  let position = 0;
  for (const [index, length] of runs.entries()) {
    const end = position + length;
    if (index % 2 === 1) for (let at = position; at < end; at += 1) subset.push(keys[at] ?? "");
    position = end;
  }
  return subset;
}

/**
 * Where a longer list has keys that a shorter one has not: positions in the shorter list, one for each new key, in
 * order. Both sorted; undefined when a key of the shorter list is missing.
 */
export function insertions(shorter: readonly string[], longer: readonly string[]): readonly number[] | undefined {
  const places: number[] = [];
  let at = 0;
  for (const key of longer) {
    if (shorter[at] === key) at += 1;
    else places.push(at);
  }
  return at === shorter.length ? places : undefined;
}

/** The runs over a list into which keys that nobody needs were put at `places` of {@link insertions}. */
export function widenRuns(runs: Runs, places: readonly number[]): Runs {
  const wide: number[] = [];
  let next = 0;
  let position = 0;
  let absent = 0;
  for (const [index, length] of runs.entries()) {
    const end = position + length;
    const present = index % 2 === 1;
    let from = position;
    for (let place = places[next] ?? end; next < places.length && place < end; place = places[next] ?? end) {
      if (present && place > from) {
        wide.push(absent, place - from);
        absent = 0;
        from = place;
      }
      absent += 1;
      next += 1;
    }
    if (present) {
      wide.push(absent, end - from);
      absent = 0;
    } else absent += length;
    position = end;
  }
  return wide;
}
