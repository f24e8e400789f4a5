import type { BuildPlan } from "../engine/plan.ts";
import { literalLabels } from "../inspect/assertions.ts";
import { variantStage, type ImageDefinition } from "../stage/image.ts";
import { referenceText } from "../stage/base.ts";
import type { Stage } from "../stage/stage.ts";
import type { SourceRevision } from "./source.ts";

/**
 * What a published image says beyond the labels of its definition, which are never replaced.
 * @see https://github.com/opencontainers/image-spec/blob/main/annotations.md
 */
export function publishLabels(
  definition: ImageDefinition,
  { variant }: Pick<BuildPlan, "variant">,
  { revision, source }: SourceRevision,
): Readonly<Record<string, string>> {
  const { stage } = variantStage(definition, variant);
  const base = baseOf(stage);
  const own = literalLabels(stage);
  const digest = base === undefined ? undefined : (definition.pins?.get(base) ?? /@(sha256:.*)$/.exec(base)?.[1]);
  const labels = {
    "org.opencontainers.image.base.name": base?.replace(/@.*/, ""),
    "org.opencontainers.image.base.digest": digest,
    "org.opencontainers.image.revision": revision,
    "org.opencontainers.image.source": source,
  };
  return Object.fromEntries(
    Object.entries(labels).filter(
      (pair): pair is [string, string] => pair[1] !== undefined && !Object.hasOwn(own, pair[0]),
    ),
  );
}

/** The image at the bottom of a stage's own layers; nothing for `scratch`. */
function baseOf({ base }: Stage): string | undefined {
  if (base.kind === "stage") return baseOf(base);
  const reference = referenceText(base);
  return reference === "scratch" || reference.includes("$") ? undefined : reference;
}
