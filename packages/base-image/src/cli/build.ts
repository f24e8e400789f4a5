import { build } from "../engine/build.ts";
import type { BuildOptions } from "../engine/build-options.ts";
import { planBuild } from "../engine/plan.ts";
import { BaseImageError } from "../errors.ts";
import { buildText } from "./build-text.ts";
import { readBuildArgs, readNetwork, readSecrets } from "./build-flags.ts";
import { collect, definitionFor, type AddVerb, type VerbContext } from "./verb.ts";

interface Flags {
  readonly variant?: string;
  readonly tag?: readonly string[];
  readonly buildArg?: readonly string[];
  readonly secret?: readonly string[];
  readonly network?: string;
  readonly cache: boolean;
}

const EXAMPLES = `
Examples:
  base-image build --variant runtime --tag registry.example.com/ruby-node:3.3-24
  base-image --config image.config.ts build --secret id=aws,env=AWS_SECRET
`;

/** `base-image build`: builds into the local engine. */
export const addBuild: AddVerb = (program, contextFor) => {
  program
    .command("build")
    .description("build an image into the local engine")
    .option("--variant <name>", "the variant to build (default: the first)")
    .option("--tag <ref>", "name the image; may be given several times", collect)
    .option("--build-arg <name=value>", "set a build argument; may be given several times", collect)
    .option("--secret <id=ID,…>", "hand over a secret, with src=FILE or env=NAME; may be given several times", collect)
    .option("--network <mode>", "default, host or none, for every RUN")
    .option("--no-cache", "build every step again")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: Flags, command) => runBuild(flags, contextFor(command)));
};

async function runBuild(flags: Flags, context: VerbContext): Promise<void> {
  const loaded = await definitionFor(context);
  const plan = await planBuild(loaded, flags.variant);
  const options: BuildOptions = {
    tags: readTags(flags.tag ?? [], `${plan.image}:${plan.variant}`),
    buildArgs: readBuildArgs(flags.buildArg ?? []),
    secrets: readSecrets(flags.secret ?? []),
    network: readNetwork(flags.network),
    noCache: !flags.cache,
  };
  const text = buildText((line) => sayRaw(context, line), context.output.quiet ? undefined : context.terminal);
  try {
    const image = await build(plan, { ...options, signal: context.signal }, (event) => {
      context.output.event(event);
      text.event(event);
    });
    context.output.result(`${image}\n`);
    context.output.summary({ image, tags: options.tags, variant: plan.variant, inputHash: plan.inputHash });
  } finally {
    text.end();
  }
}

function sayRaw(context: VerbContext, text: string): void {
  if (!context.output.quiet) process.stderr.write(text);
}

function readTags(tags: readonly string[], fallback: string): readonly string[] {
  for (const tag of tags) {
    if (/^[a-z0-9][a-zA-Z0-9._\-/:]*$/.test(tag)) continue;
    throw new BaseImageError("BASE_IMAGE_USAGE", `--tag is ${JSON.stringify(tag)}; expected NAME[:TAG]`);
  }
  return tags.length === 0 ? [fallback] : tags;
}
