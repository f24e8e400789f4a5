/** Longer names are not compared: what a near name is for is a slip of the hand. */
const LONGEST = 64;

/** Finds a name that is one slip away from a word: a letter more, less, changed, or swapped with its neighbour. */
export type NearName = (word: string, accepts?: (name: string) => boolean) => string | undefined;

/**
 * Prepares names to be compared with many words, in time linear in their number: two words one slip apart are the same
 * once the right letter of each is gone. The first of several that are accepted is given; never the word itself.
 */
export function nearNames(names: Iterable<string>): NearName {
  const byRest = new Map<string, string[]>();
  for (const name of new Set(names)) {
    for (const rest of restsOf(name)) {
      const same = byRest.get(rest);
      if (same === undefined) byRest.set(rest, [name]);
      else same.push(name);
    }
  }
  return (word, accepts = () => true) => {
    for (const rest of restsOf(word)) {
      const near = byRest.get(rest)?.find((name) => name !== word && isOneSlipAway(name, word) && accepts(name));
      if (near !== undefined) return near;
    }
    return undefined;
  };
}

/** A word, and the word without each of its letters. */
function restsOf(word: string): ReadonlySet<string> {
  if (word.length > LONGEST || word.length < 2) return new Set();
  const rests = Array.from({ length: word.length }, (_, index) => word.slice(0, index) + word.slice(index + 1));
  return new Set([word, ...rests]);
}

function isOneSlipAway(a: string, b: string): boolean {
  if (a.length !== b.length) return true;
  let start = 0;
  while (a[start] === b[start]) start += 1;
  if (a.slice(start + 1) === b.slice(start + 1)) return true;
  return a[start] === b[start + 1] && a[start + 1] === b[start] && a.slice(start + 2) === b.slice(start + 2);
}
