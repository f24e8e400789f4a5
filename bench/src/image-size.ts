import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { connectEngine } from "../../packages/base-image/src/engine/engine.ts";
import { build } from "../../packages/base-image/src/engine/build.ts";
import { planBuild } from "../../packages/base-image/src/engine/plan.ts";
import { savedArchive } from "../../packages/base-image/src/engine/saved-archive.ts";
import { layerReport, type LayerReport } from "../../packages/base-image/src/inspect/layers/layer-report.ts";
import { readSavedImage } from "../../packages/base-image/src/inspect/layers/saved-image.ts";
import { rubyNode } from "../../packages/base-image/src/recipe/ruby-node.ts";
import type { BenchResult } from "./main.ts";

const NAIVE = fileURLToPath(new URL("../naive", import.meta.url));

const OURS = rubyNode({
  name: "bench",
  ruby: "3.3",
  node: "24",
  suite: "trixie",
  packageManager: "yarn@1.22.22",
  bundler: "2.5.22",
  pdf: true,
});

/**
 * What images hold: the one that does everything (`bench/naive`) beside runtime and pdf, the two that share its work, in
 * bytes unpacked and as they are pulled. Needs an engine that reaches Debian and RubyGems.
 */
export async function bench(): Promise<BenchResult> {
  const run = randomUUID().slice(0, 8);
  const tags = { naive: `bench-naive:${run}`, runtime: `bench-runtime:${run}`, pdf: `bench-pdf:${run}` };
  try {
    await promisify(execFile)("docker", ["build", "--network", "host", "--tag", tags.naive, NAIVE], {
      maxBuffer: 2 ** 27,
    });
    await built("runtime", tags.runtime);
    await built("pdf", tags.pdf);
    const [naive, runtime, pdf] = [await measured(tags.naive), await measured(tags.runtime), await measured(tags.pdf)];
    return {
      versions: { ruby: OURS.recipe.ruby, "node in the images": OURS.recipe.node },
      timings: [],
      figures: {
        ...figures("naive", naive),
        ...figures("runtime", runtime),
        ...figures("pdf", pdf),
        "naive / runtime, unpacked": ratio(naive.tarBytes, runtime.tarBytes),
        "naive / runtime, to pull": ratio(naive.blobBytes, runtime.blobBytes),
      },
    };
  } finally {
    for (const tag of Object.values(tags)) await promisify(execFile)("docker", ["rmi", "--force", tag]);
  }
}

async function built(variant: string, tag: string): Promise<void> {
  const plan = await planBuild({ definition: OURS, file: "", folder: "/" }, variant);
  const options = { tags: [tag], buildArgs: {}, secrets: [], network: "host" as const, noCache: false };
  await build(plan, options, () => {});
}

async function measured(tag: string): Promise<LayerReport> {
  return layerReport(await readSavedImage(await savedArchive(await connectEngine(), tag), tag));
}

function figures(name: string, { tarBytes, blobBytes, packages }: LayerReport): Readonly<Record<string, number>> {
  return {
    [`${name}, bytes unpacked`]: tarBytes,
    [`${name}, bytes to pull`]: blobBytes,
    [`${name}, packages`]: packages,
  };
}

function ratio(large: number, small: number): number {
  return Math.round((large / small) * 100) / 100;
}
