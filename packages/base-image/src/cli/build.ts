import { build } from "../engine/build.ts";
import type { BuildOptions } from "../engine/build-options.ts";
import { connectEngine } from "../engine/engine.ts";
import { planBuild } from "../engine/plan.ts";
import { BaseImageError } from "../errors.ts";
import { assertWithinBudget } from "../publish/approve.ts";
import { parseReference } from "../registry/reference.ts";
import { buildTextOf } from "./build-text.ts";
import { readBuildFlags, withBuildFlags, type BuildFlags } from "./build-flags.ts";
import { collect, definitionFor, type AddVerb, type VerbContext } from "./verb.ts";

interface Flags extends BuildFlags {
  readonly variant?: string;
  readonly tag?: readonly string[];
}

const EXAMPLES = `
Examples:
  base-image build --variant runtime --tag registry.example.com/ruby-node:3.3-24
  base-image --config image.config.ts build --secret id=aws,env=AWS_SECRET
`;

/** `base-image build`: builds into the local engine. */
export const addBuild: AddVerb = (program, contextFor) => {
  withBuildFlags(program.command("build"))
    .description("build an image into the local engine")
    .option("--variant <name>", "the variant to build (default: the first)")
    .option("--tag <ref>", "name the image; may be given several times", collect)
    .addHelpText("after", EXAMPLES)
    .action(async (flags: Flags, command) => runBuild(flags, contextFor(command)));
};

async function runBuild(flags: Flags, context: VerbContext): Promise<void> {
  const loaded = await definitionFor(context);
  const plan = await planBuild(loaded, flags.variant);
  const options: BuildOptions = {
    tags: readTags(flags.tag ?? [], `${plan.image}:${plan.variant}`),
    ...readBuildFlags(flags),
  };
  const text = buildTextOf(context);
  try {
    const image = await build(plan, { ...options, signal: context.signal }, (event) => {
      context.output.event(event);
      text.event(event);
    });
    context.output.result(`${image}\n`);
    await assertWithinBudget(await connectEngine(), image, loaded.definition, plan.variant);
    context.output.summary({ image, tags: options.tags, variant: plan.variant, inputHash: plan.inputHash });
  } finally {
    text.end();
  }
}

function readTags(tags: readonly string[], fallback: string): readonly string[] {
  for (const tag of tags) {
    if (parseReference(tag).digest === undefined) continue;
    throw new BaseImageError("BASE_IMAGE_USAGE", `--tag is ${JSON.stringify(tag)}; expected NAME[:TAG]`);
  }
  return tags.length === 0 ? [fallback] : tags;
}
