import * as fc from "fast-check";

/** Values that a damaged, hand-written or hostile document has where another is expected. */
export const oddValues: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, true, 0, 1, -1, 0.5, 2 ** 31, 2 ** 53, 1e300, 1e308, "", "0", "../x", "k\n", "AAAA"),
  fc.constantFrom([], {}, [null], ["x"], [0.5, 0.5], [-5, 6], ["0", "1"], [1, 1], { at: 1e300, runs: [] }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A change of one place of a JSON document: which place (a number over all places), and what stands there then. */
export interface Mutation {
  readonly place: number;
  readonly value: unknown;
}

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(fc.record({ place: fc.nat(), value: oddValues }), {
  minLength: 1,
  maxLength: 3,
});

/** The JSON value with mutations made; `undefined` takes a place away. */
export function mutated(value: unknown, changes: readonly Mutation[]): unknown {
  let changed = structuredClone(value);
  for (const { place, value: odd } of changes) {
    const places = placesIn(changed);
    const path = places[place % places.length] ?? [];
    changed = withValue(changed, path, odd);
  }
  return changed;
}

type Path = readonly string[];

function placesIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, member]) => placesIn(member, [...path, name]))];
}

function withValue(value: unknown, [name, ...rest]: Path, odd: unknown): unknown {
  if (name === undefined) return odd;
  if (Array.isArray(value))
    return value.map((one: unknown, index) => (String(index) === name ? withValue(one, rest, odd) : one));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([each, member]: [string, unknown]) => [
      each,
      each === name ? withValue(member, rest, odd) : member,
    ]),
  );
}
