/**
 * Keys in their order. Those of a ledger that was read are in order, and what was merged into it comes after: only that is
 * sorted, which for 50,000 keys is a tenth of the work.
 */
export function sortedKeys(keys: Iterable<string>): readonly string[] {
  const first: string[] = [];
  const late: string[] = [];
  for (const key of keys) {
    const last = first.at(-1);
    if (late.length > 0 || (last !== undefined && last >= key)) late.push(key);
    else first.push(key);
  }
  return late.length === 0 ? first : merged(first, late.toSorted());
}

function merged(keys: readonly string[], late: readonly string[]): readonly string[] {
  const all: string[] = [];
  let next = 0;
  for (const key of keys) {
    for (let one = late[next]; one !== undefined && one < key; one = late[next]) {
      all.push(one);
      next += 1;
    }
    all.push(key);
  }
  return all.concat(late.slice(next));
}
