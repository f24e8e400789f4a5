import { isRubyNode } from "../recipe/ruby-node.ts";
import { variantStage, type ImageDefinition } from "../stage/image.ts";
import type { Stage } from "../stage/stage.ts";
import type { Assertion } from "./assertion.ts";
import { pdfAssertions } from "./pdf/pdf-assertions.ts";
import { rubyNodeAssertions } from "./ruby-node/ruby-node-assertions.ts";
import { literalPairs, stageAssertions } from "./stage-assertions.ts";

/** Every assertion that follows from a definition for one of its variants. */
export function assertionsFor(definition: ImageDefinition, variantName?: string): readonly Assertion[] {
  const { name, stage } = variantStage(definition, variantName);
  if (!isRubyNode(definition)) return stageAssertions(stage);
  return name === "pdf" ? pdfAssertions(definition.recipe) : rubyNodeAssertions(definition.recipe, name);
}

/** The labels a stage ends with, as far as they hold no variable. */
export function literalLabels(stage: Stage): Readonly<Record<string, string>> {
  return literalPairs(stage, "LABEL");
}
