import { rubyNodeLabels } from "../../recipe/ruby-node.ts";
import type { RubyNodeRecipe } from "../../recipe/ruby-node-options.ts";
import { command, SUCCESS, type Assertion } from "../assertion.ts";
import { behaviourAssertions } from "./behaviour.ts";
import { builderAssertions, pairAssertions } from "./compile.ts";
import { hygieneAssertions } from "./hygiene.ts";
import { libraryAssertions } from "./libraries.ts";
import { trustAssertions } from "./trust.ts";
import { versionAssertions } from "./versions.ts";

/** What follows from a ruby and node recipe for one of its variants. */
export function rubyNodeAssertions(recipe: RubyNodeRecipe, variant: string): readonly Assertion[] {
  return [
    ...versionAssertions(recipe),
    ...libraryAssertions(recipe),
    ...behaviourAssertions(recipe, variant),
    ...trustAssertions(),
    ...hygieneAssertions(variant),
    ...(variant === "builder" ? builderAssertions(recipe) : pairAssertions()),
    ...recipe.programs.map(programAssertion),
    ...labelAssertions(rubyNodeLabels(recipe, variant)),
  ];
}

/** One assertion for each label. */
export function labelAssertions(labels: Readonly<Record<string, string>>): readonly Assertion[] {
  return Object.entries(labels).map(([label, text]) => ({
    kind: "label",
    name: `label ${label} is ${text}`,
    label,
    expected: { kind: "text", text },
  }));
}

function programAssertion(packageName: string): Assertion {
  const name = packageName.split("/").at(-1) ?? packageName;
  return command(`${name} runs`, [name, "--help"], SUCCESS);
}
