import { stage, type Stage } from "../stage/stage.ts";
import { APP_USER, runAsAppUser } from "./app-user.ts";
import { aptInstall } from "./apt.ts";
import { rubyNodeLabels } from "./labels.ts";
import { bakePrograms } from "./programs.ts";
import type { RubyNodeRecipe } from "./ruby-node-options.ts";
import type { CiInput } from "./variant-options.ts";

/**
 * What jobs call beyond what the builder and Debian have: a checkout needs git, ssh, tar and gzip, and actions and orbs
 * fetch, check and unpack their own tools.
 * @see https://circleci.com/docs/guides/execution-managed/custom-images/
 */
const PACKAGES: readonly string[] = ["curl", "gnupg", "openssh-client", "unzip"];

/** A variant on the same layers as the builder, for jobs in containers, as the user of production. */
export function ciStage(recipe: RubyNodeRecipe, { sudo, packages }: Required<CiInput>, tools: Stage): Stage {
  const names = [...PACKAGES, ...(sudo ? ["sudo"] : []), ...packages];
  return stage("ci", tools)
    .describe("What jobs of CI run in: the ruby and node of production with what a checkout needs")
    .with(aptInstall(names, { certificates: recipe.certificates.build }))
    .with(sudo ? withoutPassword : (so) => so)
    .with(bakePrograms(recipe.programs))
    .label(rubyNodeLabels(recipe, "ci"))
    .with(runAsAppUser);
}

function withoutPassword(so: Stage): Stage {
  const { name } = APP_USER;
  return so.write(`/etc/sudoers.d/${name}`, `${name} ALL=(ALL) NOPASSWD: ALL`, { chmod: "0440" });
}
