import type Dockerode from "dockerode";

import { INPUT_LABEL } from "../engine/docker-command.ts";
import { savedArchive } from "../engine/saved-archive.ts";
import { BaseImageError } from "../errors.ts";
import { assertionsFor } from "../inspect/assertions.ts";
import { labelAssertions } from "../inspect/labels.ts";
import { assertBudget } from "../inspect/layers/budget.ts";
import { readSavedImage } from "../inspect/layers/saved-image.ts";
import { verifyImage } from "../inspect/verify.ts";
import { layerCount } from "../stage/budget.ts";
import { variantStage, type ImageDefinition } from "../stage/image.ts";
import type { Candidate, CandidateImage, CandidateContext } from "./candidate.ts";
import { publishLabels } from "./labels.ts";

/**
 * Holds every platform of a candidate against the budget and the definition; with a builder also against what that compiles.
 * @throws BaseImageError BASE_IMAGE_OVER_BUDGET, BASE_IMAGE_VERIFY_FAILED naming the platform and the assertions.
 */
export async function approve(
  { target, images }: Candidate,
  builder: Candidate | undefined,
  { engine, signal, emit }: CandidateContext,
): Promise<void> {
  const { definition, plan, source } = target;
  const labels = { ...publishLabels(definition, plan, source), [INPUT_LABEL]: plan.inputHash };
  const assertions = [...assertionsFor(definition, plan.variant), ...labelAssertions(labels)];
  for (const image of images) {
    emit({ type: "image-verifying", variant: plan.variant, platform: image.platform, image: image.reference });
    await assertWithinBudget(engine, image.reference, definition, plan.variant);
    const compiler = builder?.images.find(({ platform }) => platform === image.platform)?.probe;
    const { failed } = await verifyImage(image.probe, assertions, emit, { builder: compiler, signal });
    if (failed.length > 0)
      throw rejected(
        image,
        failed.map(({ name }) => name),
      );
  }
}

/** Holds an image of the engine against the budget of its variant, where there is one. */
export async function assertWithinBudget(
  engine: Dockerode,
  reference: string,
  definition: ImageDefinition,
  variant: string,
): Promise<void> {
  const budget = definition.budget?.[variant];
  if (budget === undefined) return;
  const image = await readSavedImage(await savedArchive(engine, reference), reference);
  assertBudget(image, variant, budget, layerCount(variantStage(definition, variant).stage));
}

function rejected({ reference, platform }: CandidateImage, names: readonly string[]): BaseImageError {
  const message = `${reference} for ${platform} is not what its definition says, and no tag was moved: ${names.join("; ")}`;
  return new BaseImageError("BASE_IMAGE_VERIFY_FAILED", message);
}
