import { isRubyNode } from "../recipe/ruby-node.ts";
import { variantStage, type ImageDefinition } from "../stage/image.ts";
import type { Stage } from "../stage/stage.ts";
import type { Assertion } from "./assertion.ts";
import { labelAssertions } from "./labels.ts";
import { pdfAssertions } from "./pdf/pdf-assertions.ts";
import { rubyNodeAssertions } from "./ruby-node/ruby-node-assertions.ts";

/** Every assertion that follows from a definition for one of its variants. */
export function assertionsFor(definition: ImageDefinition, variantName?: string): readonly Assertion[] {
  const { name, stage } = variantStage(definition, variantName);
  if (!isRubyNode(definition)) return labelAssertions(literalLabels(stage));
  return name === "pdf" ? pdfAssertions(definition.recipe) : rubyNodeAssertions(definition.recipe, name);
}

/** The labels a stage ends with, as far as they hold no variable. */
export function literalLabels(stage: Stage): Readonly<Record<string, string>> {
  const inherited = stage.base.kind === "stage" ? literalLabels(stage.base) : {};
  const own = stage.steps.flatMap(({ instruction }) =>
    instruction.instruction === "LABEL"
      ? instruction.pairs.map(({ key, value }): [unknown, unknown] => [key, value])
      : [],
  );
  const labels = new Map<unknown, unknown>([...Object.entries(inherited), ...own]);
  return Object.fromEntries(
    [...labels].filter((pair): pair is [string, string] => pair.every((each) => typeof each === "string")),
  );
}
