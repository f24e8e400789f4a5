import { connectEngine } from "../engine/engine.ts";
import { savedArchive } from "../engine/saved-archive.ts";
import { layerMap } from "../inspect/layers/layer-map.ts";
import { layerReport, layerReportText } from "../inspect/layers/layer-report.ts";
import type { SavedImage } from "../inspect/layers/layer.ts";
import { readSavedImage } from "../inspect/layers/saved-image.ts";
import { pullNamed } from "../registry/pull.ts";
import { printable } from "./output.ts";
import type { AddVerb, VerbContext } from "./verb.ts";
import { writeReport } from "./write-report.ts";

interface LayersFlags {
  readonly against?: string;
  readonly html?: string;
}

/** `base-image layers REF`: what an image's layers hold and cost. */
export const addLayers: AddVerb = (program, contextFor) => {
  program
    .command("layers")
    .description("sizes, waste and efficiency of an image's layers; difference between two images")
    .argument("<ref>", "the image, as the local engine knows it or with its registry")
    .option("--against <ref>", "an image to compare with: an older one, or the one it is built from")
    .option("--html <file>", "write a map of the layers as one self-contained page")
    .addHelpText("after", "\nExample:\n  base-image layers my-app:2 --against my-app:1 --html layers.html\n")
    .action(async (ref: string, flags: LayersFlags, command) => runLayers(ref, flags, contextFor(command)));
};

async function runLayers(ref: string, flags: LayersFlags, context: VerbContext): Promise<void> {
  const image = await savedImage(ref);
  const against = flags.against === undefined ? undefined : await savedImage(flags.against);
  const report = layerReport(image, against);
  if (flags.html !== undefined) await writeReport("the layer map", "--html", flags.html, layerMap(image, report));
  context.output.result(printable(layerReportText(report, context.terminal?.columns)));
  context.output.summary(report);
}

async function savedImage(reference: string): Promise<SavedImage> {
  const engine = await connectEngine();
  await pullNamed(engine, reference);
  return readSavedImage(await savedArchive(engine, reference), reference);
}
