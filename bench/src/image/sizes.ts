import { connectEngine } from "../../../packages/base-image/src/engine/engine.ts";
import { savedArchive } from "../../../packages/base-image/src/engine/saved-archive.ts";
import { layerReport, type LayerReport } from "../../../packages/base-image/src/inspect/layers/layer-report.ts";
import { readSavedImage } from "../../../packages/base-image/src/inspect/layers/saved-image.ts";

export type { LayerReport };

/** The layers of an image of the engine. */
export async function sizesOf(image: string): Promise<LayerReport> {
  return layerReport(await readSavedImage(await savedArchive(await connectEngine(), image), image));
}

/** What is said of an image's size, in megabytes of 10^6 bytes. */
export function sizeFigures(name: string, report: LayerReport): Readonly<Record<string, number>> {
  const { tarBytes, blobBytes, layers, efficiency, packages } = report;
  return {
    [`${name}: MB unpacked`]: megabytes(tarBytes),
    [`${name}: MB to pull`]: megabytes(blobBytes),
    [`${name}: layers`]: layers.length,
    [`${name}: MB wasted`]: megabytes(efficiency.wastedBytes),
    [`${name}: packages`]: packages,
  };
}

/** What a registry that has the image before a change is sent for the one after it, in megabytes. */
export function pushedMegabytes(before: LayerReport, after: LayerReport): number {
  const there = new Set(before.layers.map(({ digest }) => digest));
  const added = after.layers.filter(({ digest }) => !there.has(digest));
  return megabytes(added.reduce((sum, { blobBytes }) => sum + blobBytes, 0));
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e4) / 100;
}
