import type { TagChange } from "../publish/move-tags.ts";
import type { PlannedTarget } from "../publish/plan.ts";
import { foreseenTags } from "../publish/target.ts";

/** What is to become of one variant. */
export interface PlannedVariant extends PlannedTarget {
  /** The arguments of `docker` that build it. */
  readonly command: readonly string[];
  /** What becomes of its tags, where it is published already. */
  readonly tags: readonly TagChange[];
}

/** A publication that nobody carries out, for people. */
export function plannedText(repository: string, variants: readonly PlannedVariant[]): string {
  return variants.map((variant) => `${variantLines(repository, variant).join("\n")}\n`).join("");
}

/** The same for programs. */
export function plannedSummary({ target, action, found, command, tags }: PlannedVariant): object {
  const { plan, contentTag } = target;
  const build = action === "build" ? { command: ["docker", ...command], tags: foreseenTags(target) } : { tags };
  return { variant: plan.variant, action, inputHash: plan.inputHash, contentTag, digest: found?.digest, ...build };
}

function variantLines(repository: string, { target, action, found, command, tags }: PlannedVariant): readonly string[] {
  const { variant } = target.plan;
  if (action === "build") {
    return [
      `${variant}: to be built, pushed by digest and verified, then to have the tags`,
      ...foreseenTags(target).map((tag) => `  ${repository}:${tag}`),
      `  (tar of the context) | docker ${command.join(" ")}`,
    ];
  }
  const changes = tags.map(({ tag, before, after }) => {
    return `  ${repository}:${tag} ${before === after ? "is there" : `${before ?? "(no such tag)"} → ${after}`}`;
  });
  const image = `${repository}@${found?.digest ?? ""}`;
  const state = action === "measure" ? `to be measured against its budget, ${image}` : `published already, ${image}`;
  return [`${variant}: ${state}`, ...changes];
}
