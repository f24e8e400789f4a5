import { connectEngine } from "../engine/engine.ts";
import { pullImage } from "../registry/pull.ts";
import { savedArchive } from "../engine/saved-archive.ts";
import { isBaseImageError } from "../errors.ts";
import { lockPath, writeLock } from "../config/lock-file.ts";
import { imagesToResolve, pinsAfter, planLock, type PinChange } from "../config/lock-plan.ts";
import { imageDifference, type ImageDifference } from "../inspect/layers/difference.ts";
import { differenceText } from "../inspect/layers/layer-report.ts";
import type { SavedImage } from "../inspect/layers/layer.ts";
import { readSavedImage } from "../inspect/layers/saved-image.ts";
import { resolveDigest } from "../registry/resolve.ts";
import { unpinnedImages } from "../stage/dockerfile.ts";
import { withPins } from "../stage/image.ts";
import { definitionsFor, type AddVerb, type VerbContext } from "./verb.ts";

/** `base-image lock`: pins the images that a definition is built on. */
export const addLock: AddVerb = (program, contextFor) => {
  program
    .command("lock")
    .description("pin base images to digests, in a lock file beside the definition")
    .option("--update", "ask for the digests of all of them again, and say what changed")
    .addHelpText("after", "\nExample:\n  base-image lock --update\n")
    .action(async (flags: { readonly update?: boolean }, command) =>
      runLock(flags.update === true, contextFor(command)),
    );
};

async function runLock(update: boolean, context: VerbContext): Promise<void> {
  const loaded = await definitionsFor(context);
  const path = lockPath(loaded[0]?.file ?? "");
  const pins = loaded[0]?.definition.pins ?? new Map<string, string>();
  const all = loaded.flatMap(({ definition }) => unpinnedImages(withPins(definition, new Map())));
  const images = [...new Set(all)];
  const wanted = imagesToResolve(images, pins, update);
  const digests = await Promise.all(wanted.map((image) => resolveDigest(image, context.signal)));
  const changes = planLock(images, pins, new Map(wanted.map((image, index) => [image, digests[index] ?? ""])));
  for (const change of changes) context.output.say(changeLine(change));
  if (changes.some(({ change }) => change !== "kept")) await writeLock(path, pinsAfter(changes));
  const moved = changes.filter(({ change }) => change === "moved");
  const differences = await Promise.all(moved.map((change) => describeMove(change, context)));
  context.output.summary({
    lock: path,
    images: changes.map((change) => ({ ...change, difference: differences[moved.indexOf(change)] })),
  });
}

function changeLine({ image, change, before = "", after = "" }: PinChange): string {
  const digest = change === "moved" ? `${before} → ${after}` : change === "dropped" ? before : after;
  return `${change.padEnd(7)}  ${image}  ${digest}\n`;
}

/** The lock is written by now: what cannot be compared is said and fails nothing. */
async function describeMove(
  { image, before, after }: PinChange,
  context: VerbContext,
): Promise<ImageDifference | undefined> {
  try {
    const difference = imageDifference(
      await fetched(`${image}@${before ?? ""}`),
      await fetched(`${image}@${after ?? ""}`),
    );
    context.output.say(differenceText(difference));
    return difference;
  } catch (error) {
    if (!isBaseImageError(error)) throw error;
    context.output.say(`  what changed in ${image} cannot be told: ${error.message}\n`);
    return undefined;
  }
}

async function fetched(reference: string): Promise<SavedImage> {
  const engine = await connectEngine();
  await pullImage(engine, reference);
  return readSavedImage(await savedArchive(engine, reference), reference);
}
