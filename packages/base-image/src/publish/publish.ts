import { connectEngine } from "../engine/engine.ts";
import { approve, assertWithinBudget } from "./approve.ts";
import { bring, makeCandidate, type Candidate, type CandidateContext, type PublishContext } from "./candidate.ts";
import { isAttestation, parseIndex } from "./oci-layout.ts";
import type { PlannedTarget, PublishPlan } from "./plan.ts";
import { assertVersionsFree, settle, type Published } from "./settle.ts";
import type { PublishChoices } from "./target.ts";

/**
 * Carries a plan out: builds and pushes by digest what is missing, verifies every platform of it, and only when all have
 * passed moves tags. What fails or is killed before leaves every tag where it was; running it again goes on.
 */
export async function publish(
  plan: PublishPlan,
  choices: PublishChoices,
  context: PublishContext,
): Promise<readonly Published[]> {
  const missing = plan.targets.filter(({ action }) => action === "build").map(({ target }) => target);
  const unmeasured = plan.targets.filter(({ action }) => action === "measure");
  if (missing.length + unmeasured.length === 0) return settle(plan, [], choices.force, context);
  if (missing.length > 0) await context.repository.registry.assertWritable(context.repository.path);
  const candidates: Candidate[] = [];
  const withEngine = { ...context, engine: await connectEngine(), fetched: new Set<string>() };
  try {
    for (const planned of unmeasured) await measure(planned, withEngine);
    for (const target of missing) {
      // Variants of one stage are one image.
      const same = candidates.find((each) => each.target.contentTag === target.contentTag);
      candidates.push(same === undefined ? await makeCandidate(target, choices, withEngine) : { ...same, target });
    }
    if (!choices.force) await assertVersionsFree(candidates, context.repository);
    const builder = candidates.find(({ target }) => target.plan.variant === "builder");
    for (const candidate of candidates) {
      await approve(candidate, candidate === builder ? undefined : builder, withEngine);
    }
    return await settle(plan, candidates, choices.force, context);
  } finally {
    await removeFetched(withEngine);
  }
}

/** Holds an image that is published already against the budget it has by now. */
async function measure({ target, found }: PlannedTarget, context: CandidateContext): Promise<void> {
  const manifests = found === undefined ? [] : parseIndex(found.bytes).manifests;
  for (const manifest of manifests.filter((each) => !isAttestation(each))) {
    const { reference } = await bring(manifest, context);
    await assertWithinBudget(context.engine, reference, target.definition, target.plan.variant);
  }
}

/** The engine keeps nothing of what was brought only to be asked. */
async function removeFetched({ engine, fetched }: CandidateContext): Promise<void> {
  for (const reference of fetched) {
    await engine
      .getImage(reference)
      .remove()
      .catch(() => undefined);
  }
}
