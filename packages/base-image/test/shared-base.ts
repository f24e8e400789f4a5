import { connectEngine } from "../src/engine/engine.ts";
import { build } from "../src/engine/build.ts";
import { planBuild } from "../src/engine/plan.ts";
import { rubyNode, type RubyNodeImage } from "../src/recipe/ruby-node.ts";

/** The definition the service tests share. */
export const SHARED_BASE: RubyNodeImage = rubyNode({
  name: "slipway-test-base",
  ruby: "3.3",
  node: "24",
  suite: "trixie",
  packageManager: "yarn@1.22.22",
  bundler: "2.5.22",
});

/**
 * The tag of a variant of it, built when it is not there yet. The tag is made of what the image is built from, so that
 * one build serves every test and every run until the recipe changes.
 */
export async function sharedBase(variant: "builder" | "runtime"): Promise<string> {
  const plan = await planBuild({ definition: SHARED_BASE, file: "", folder: "/" }, variant);
  const tag = `slipway-test-base:${variant}-${plan.inputHash.slice(0, 12)}`;
  const docker = await connectEngine();
  const there = await docker
    .getImage(tag)
    .inspect()
    .then(() => true)
    .catch(() => false);
  const options = { tags: [tag], buildArgs: {}, secrets: [], network: "host" as const, noCache: false };
  if (!there) await build(plan, options, () => {});
  return tag;
}
