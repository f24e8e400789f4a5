import { build } from "../src/engine/build.ts";
import { connectEngine } from "../src/engine/engine.ts";
import { planBuild } from "../src/engine/plan.ts";
import type { RubyNodeInput } from "../src/recipe/ruby-node-input.ts";
import { rubyNode, type RubyNodeImage } from "../src/recipe/ruby-node.ts";
import type { ImageDefinition } from "../src/stage/image.ts";

/** What the service tests' images are made from, unless a test is about something else. */
export const SHARED_INPUT: RubyNodeInput = {
  name: "slipway-test-base",
  ruby: "3.3",
  node: "24",
  suite: "trixie",
  packageManager: "yarn@1.22.22",
  bundler: "2.5.22",
};

/** The definition the service tests share. */
export const SHARED_BASE: RubyNodeImage = rubyNode(SHARED_INPUT);

/** The same with all variants and every setting. */
export const SHARED_VARIANTS: RubyNodeImage = rubyNode({
  ...SHARED_INPUT,
  timeZone: "Asia/Tokyo",
  locale: "ja_JP.UTF-8",
  mallocArenaMax: 2,
  ci: { sudo: true },
  pdf: { node: true },
});

/** The tag of a variant of {@link SHARED_BASE}; see {@link builtImage}. */
export async function sharedBase(variant: "builder" | "runtime"): Promise<string> {
  return builtImage(SHARED_BASE, variant);
}

/**
 * The tag of a variant, built when it is not there yet. The tag is made of what the image is built from, so that one build
 * serves every test and every run until the recipe changes.
 */
export async function builtImage(definition: ImageDefinition, variant: string): Promise<string> {
  const plan = await planBuild({ definition, file: "", folder: "/" }, variant);
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
