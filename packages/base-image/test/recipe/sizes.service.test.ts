import { lookUpServices } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { connectEngine } from "../../src/engine/engine.ts";
import { savedArchive } from "../../src/engine/saved-archive.ts";
import { layerReport, megabytes, type Comparison } from "../../src/inspect/layers/layer-report.ts";
import type { SavedImage } from "../../src/inspect/layers/layer.ts";
import { readSavedImage } from "../../src/inspect/layers/saved-image.ts";
import { rubyNode } from "../../src/recipe/ruby-node.ts";
import { builtImage, SHARED_BASE, SHARED_INPUT } from "../shared-base.ts";

const services = lookUpServices("docker");

describe.skipIf(!services.available)("sizes", () => {
  it("adds at most 151 MB and 12 packages to ruby's slim image, and next to no waste", async ({ annotate }) => {
    const added = await addedTo(SHARED_BASE.recipe.rubyImage, await builtImage(SHARED_BASE, "runtime"));
    await annotate(figures(added));
    expect(added).toMatchObject(atMost({ tarBytes: 151e6, blobBytes: 53e6, addedWaste: 1e6 }));
    expect(added.packages.filter(({ before }) => before === undefined).length).toBeLessThanOrEqual(12);
  });

  it("adds at most 133 MB with a stripped node, which the unstripped one is no part of", async ({ annotate }) => {
    const stripped = await builtImage(rubyNode({ ...SHARED_INPUT, stripNode: true }), "runtime");
    const added = await addedTo(SHARED_BASE.recipe.rubyImage, stripped);
    await annotate(figures(added));
    expect(added).toMatchObject(atMost({ tarBytes: 133e6, blobBytes: 48e6, addedWaste: 1e6 }));
  });

  it("adds at most 455 MB to the runtime for a builder", async ({ annotate }) => {
    const [runtime, builder] = [await builtImage(SHARED_BASE, "runtime"), await builtImage(SHARED_BASE, "builder")];
    const added = await addedTo(runtime, builder);
    await annotate(figures(added));
    expect(added).toMatchObject(atMost({ tarBytes: 455e6, blobBytes: 165e6, addedWaste: 1e6 }));
  });

  it("adds at most 300 MB to Debian for printing", async ({ annotate }) => {
    const printing = rubyNode({ ...SHARED_INPUT, pdf: true });
    const added = await addedTo(printing.recipe.debianImage, await builtImage(printing, "pdf"));
    await annotate(figures(added));
    // 129.9 MB to pull with Chromium 156; the rest is for its next versions.
    expect(added).toMatchObject(atMost({ tarBytes: 300e6, blobBytes: 132e6, addedWaste: 1e6 }));
  });
});

type Sizes = Pick<Comparison, "addedWaste" | "blobBytes" | "tarBytes">;

/** Matches sizes that are not above these. */
function atMost(limits: Sizes): object {
  return Object.fromEntries(
    Object.entries(limits).map(([key, limit]) => [
      key,
      expect.toSatisfy((bytes) => bytes <= limit, `at most ${limit}`),
    ]),
  );
}

/** What an image has beyond another. */
async function addedTo(base: string, image: string): Promise<Comparison> {
  const { against } = layerReport(await saved(image), await saved(base));
  expect(against).toBeDefined();
  return against as Comparison;
}

async function saved(reference: string): Promise<SavedImage> {
  return readSavedImage(await savedArchive(await connectEngine(), reference), reference);
}

function figures({ tarBytes, blobBytes, addedWaste }: Sizes): string {
  const [unpacked, toPull, wasted] = [tarBytes, blobBytes, addedWaste].map((bytes) => megabytes(bytes).trim());
  return `${unpacked} unpacked, ${toPull} to pull, ${wasted} wasted`;
}
