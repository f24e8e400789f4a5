import { rubyNodeLabels } from "../../recipe/labels.ts";
import type { RubyNodeRecipe } from "../../recipe/ruby-node-options.ts";
import { command, SUCCESS, type Assertion } from "../assertion.ts";
import { ciAssertions } from "../ci/ci-assertions.ts";
import { labelAssertions } from "../labels.ts";
import { lifecycleAssertions } from "../lifecycle.ts";
import { settingAssertions } from "../settings.ts";
import { builderAssertions, pairAssertions } from "./compile.ts";
import { hygieneAssertions } from "./hygiene.ts";
import { installAssertions } from "./installs.ts";
import { libraryAssertions } from "./libraries.ts";
import { rubyAssertions } from "./ruby.ts";
import { trustAssertions } from "./trust.ts";
import { versionAssertions } from "./versions.ts";

/** What follows from a ruby and node recipe for one of its variants with ruby. */
export function rubyNodeAssertions(recipe: RubyNodeRecipe, variant: string): readonly Assertion[] {
  const sudo = variant === "ci" && recipe.ci?.sudo === true;
  return [
    ...versionAssertions(recipe),
    ...libraryAssertions(recipe),
    ...rubyAssertions(recipe),
    ...settingAssertions({ ...recipe, certificates: recipe.certificates.runtime }),
    ...lifecycleAssertions(variant === "builder" ? "root" : "app"),
    ...installAssertions(recipe),
    ...trustAssertions(),
    ...hygieneAssertions({ compilers: variant !== "runtime", sudo }),
    ...(variant === "runtime" ? pairAssertions() : builderAssertions(recipe)),
    ...(variant === "ci" ? ciAssertions(sudo) : []),
    ...recipe.programs.map(programAssertion),
    ...labelAssertions(rubyNodeLabels(recipe, variant)),
  ];
}

function programAssertion(packageName: string): Assertion {
  const name = packageName.split("/").at(-1) ?? packageName;
  return command(`${name} runs`, [name, "--help"], SUCCESS);
}
