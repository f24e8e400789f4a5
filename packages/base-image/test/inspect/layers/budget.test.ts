import { describe, expect, it } from "vitest";

import { assertBudget, excessOf } from "../../../src/inspect/layers/budget.ts";
import type { SavedImage } from "../../../src/inspect/layers/layer.ts";
import { readSavedImage } from "../../../src/inspect/layers/saved-image.ts";
import { layerCount, readBudget, type BudgetInput } from "../../../src/stage/budget.ts";
import { from } from "../../../src/stage/base.ts";
import { defineImage } from "../../../src/stage/image.ts";
import { stage } from "../../../src/stage/stage.ts";
import { archiveOf, inPieces } from "./archive.ts";

/** A base that wastes 4000 bytes by itself, and two layers of ours that waste 600 more. */
async function image(): Promise<SavedImage> {
  const archive = await archiveOf([
    { createdBy: "COPY / / # buildkit", files: { "base/a": "a".repeat(2000) } },
    { createdBy: "RUN /bin/sh -c base # buildkit", files: { "base/a": "b".repeat(2000) } },
    {
      createdBy: "RUN /bin/sh -c ours # buildkit",
      files: { "our/big": "c".repeat(9000), "our/twice": "d".repeat(300) },
    },
    { createdBy: "COPY x /our/ # buildkit", files: { "our/twice": "e".repeat(300) } },
  ]);
  return readSavedImage(inPieces(archive), "app:1");
}

describe("a budget", () => {
  it("is held against all layers and the waste of one's own", async () => {
    const saved = await image();
    const size = saved.layers.reduce((sum, { tarBytes }) => sum + tarBytes, 0);
    expect(excessOf(saved, { maxSize: size, maxWaste: 600 }, 2)).toEqual([]);
    expect(excessOf(saved, {}, 2)).toEqual([]);
    expect(excessOf(saved, { maxSize: size - 1, maxWaste: 599 }, 2)).toEqual([
      { limit: "maxSize", value: size, allowed: size - 1 },
      { limit: "maxWaste", value: 600, allowed: 599 },
    ]);
    expect(excessOf(saved, { maxWaste: 600 }, 4)).toEqual([{ limit: "maxWaste", value: 4600, allowed: 600 }]);
  });

  it("that is exceeded names the variant, the value, the limit and the biggest layers of one's own", async () => {
    const saved = await image();
    expect(() => assertBudget(saved, "runtime", { maxSize: 1000, maxWaste: 100 }, 2)).toThrow(
      /^variant runtime is 0\.02\d MB, maxSize is 0\.001 MB, and wastes 0\.001 MB, maxWaste is 0\.000 MB; its biggest layers are:\n {2}\| +0\.01\d MB {2}RUN ours\n {2}\| +0\.002 MB {2}COPY x \/our\/$/,
    );
  });

  it("knows how many layers are one's own", () => {
    const base = stage("base", from("debian")).run("a").env({ A: "1" }).workdir("/x");
    expect(layerCount(stage("app", base).copy("a", "b").label({ a: "b" }).user("1"))).toBe(3);
  });

  it.each([
    ["480 MB", 480_000_000],
    ["1.5 GB", 1_500_000_000],
    ["12kB", 12_000],
    [7, 7],
  ])("of %s is %i bytes", (maxSize, bytes) => expect(readBudget({ maxSize })).toEqual({ maxSize: bytes }));

  it.each([
    [{ app: { maxSize: "480" } }, /app is \{ maxSize: '480' \}; expected a budget such as/],
    [{ app: { maxSize: -1 } }, /expected a budget/],
    [{ app: { maxWase: "1 MB" } }, /expected a budget/],
    [{ ap: { maxSize: "1 MB" } }, /has the key "ap"; it takes app/],
  ])("of %j is refused", (budget, message) => {
    const stages = [stage("app", from("debian"))];
    expect(() => defineImage({ name: "x", stages, budget: budget as Record<string, BudgetInput> })).toThrow(message);
  });
});
