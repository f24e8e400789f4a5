import { array, assert, constant, constantFrom, nat, oneof, property, record, uniqueArray } from "fast-check";
import { describe, expect, it } from "vitest";

import { addedWaste, efficiencyOf } from "../../../src/inspect/layers/efficiency.ts";
import { fileTreeOf } from "../../../src/inspect/layers/file-tree.ts";
import type { Layer, LayerEntry } from "../../../src/inspect/layers/layer.ts";

const file = (path: string, size: number): LayerEntry => ({ path, kind: "file", size });
const folder = (path: string): LayerEntry => ({ path, kind: "directory", size: 0 });
const removal = (path: string): LayerEntry => ({ path, kind: "removal", size: 0 });
const layer = (...entries: readonly LayerEntry[]): Layer => {
  return { digest: "", blobBytes: 0, packing: "none", tarBytes: 0, createdBy: "", entries };
};

describe("efficiency", () => {
  it("is whole where no path comes twice", () => {
    expect(efficiencyOf([layer(file("a", 5)), layer(file("b", 7))])).toEqual({ score: 1, wastedBytes: 0, wasted: [] });
    expect(efficiencyOf([])).toMatchObject({ score: 1, wastedBytes: 0 });
  });

  it("counts all bytes of a path that is written again as wasted, and the smallest as needed", () => {
    const found = efficiencyOf([layer(file("a", 100), file("b", 50)), layer(file("a", 40))]);
    expect(found.score).toBeCloseTo((40 + 50) / 190);
    expect(found).toMatchObject({ wastedBytes: 140, wasted: [{ path: "a", bytes: 140, times: 2 }] });
  });

  it("charges a removal with what it removes, folders with all that is in them", () => {
    const below = layer(folder("lists"), file("lists/main", 30), file("lists/deep/er", 12), file("listsother", 7));
    const found = efficiencyOf([below, layer(removal("lists"))]);
    expect(found.wasted).toEqual([{ path: "lists", bytes: 42, times: 2 }]);
    expect(found.score).toBeCloseTo(49 / 91);
  });

  it("tells the waste that layers add to those below them", () => {
    const layers = [layer(file("a", 10)), layer(file("a", 20)), layer(file("a", 5), file("b", 1))];
    expect(addedWaste(layers, 2)).toBe(5);
    expect(addedWaste(layers, 0)).toBe(35);
    expect(addedWaste(layers, 3)).toBe(0);
  });

  it("never says more is wasted than there is", () => {
    const entry = oneof(
      record({
        path: constantFrom("a", "b", "d/a", "d/b"),
        kind: constant("file" as const),
        size: nat(99),
      }),
      constantFrom(folder("d"), removal("d"), removal("a")),
    );
    assert(
      property(array(uniqueArray(entry, { selector: ({ path }) => path }), { maxLength: 5 }), (stack) => {
        const layers = stack.map((entries) => layer(...entries));
        const { score, wastedBytes } = efficiencyOf(layers);
        const written = layers.flatMap(({ entries }) => entries).reduce((sum, { size }) => sum + size, 0);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(wastedBytes).toBeLessThanOrEqual(2 * written);
      }),
    );
  });
});

describe("a file tree", () => {
  it("has what the topmost layers show", () => {
    const tree = fileTreeOf([
      layer(folder("d"), file("d/a", 1), file("d/b", 2), file("e", 3)),
      layer({ path: "d", kind: "emptied", size: 0 }, file("d/c", 4), removal("e")),
    ]);
    expect([...tree.keys()].toSorted()).toEqual(["d", "d/c"]);
  });

  it("keeps what a layer brings in the place of what it removes", () => {
    const tree = fileTreeOf([layer(file("a", 1)), layer(file("a", 2), removal("a"))]);
    expect(tree.get("a")?.size).toBe(2);
  });
});
