import { join, relative, resolve } from "node:path";

import type { LoadedDefinition } from "../config/load.ts";
import { INPUT_LABEL, registryCache } from "../engine/docker-command.ts";
import { planBuild, type BuildPlan } from "../engine/plan.ts";
import { writeContext } from "../engine/write-context.ts";
import { bakeFile, joinedBakeFile, type BakeFile, type BakeOptions } from "../stage/bake.ts";
import { readPlatforms, repositoryPlace } from "./publish-flags.ts";
import { collect, definitionsFor, type AddVerb } from "./verb.ts";

interface BakeFlags {
  readonly platform?: readonly string[];
  readonly to?: string;
  readonly context?: string;
  readonly cacheRef?: string;
}

const EXAMPLES = `
Examples:
  base-image bake > bake.json && docker buildx bake --file bake.json
  base-image bake --context context --to registry.example.com/team/ruby-node --platform linux/arm64 > bake.json
`;

/** `base-image bake`: prints a bake file. */
export const addBake: AddVerb = (program, contextFor) => {
  program
    .command("bake")
    .description("print the build of all variants, and of all images of a matrix, as a bake file")
    .option("--platform <platform>", "linux/amd64 or the like; may be given several times", collect)
    .option("--to <repository>", "the repository of the tags (default: the definition's)")
    .option("--cache-ref <repository>", "a repository for BuildKit's cache, a tag for each target")
    .option("--context <folder>", "write each context there as a build gets it, with the programs")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: BakeFlags, command) => {
      const context = contextFor(command);
      const files = await Promise.all((await definitionsFor(context)).map((loaded) => bakedFile(loaded, flags)));
      const bake = joinedBakeFile(files);
      context.output.result(`${JSON.stringify(bake, undefined, 2)}\n`);
      context.output.summary({ bake });
    });
};

async function bakedFile(loaded: LoadedDefinition, flags: BakeFlags): Promise<BakeFile> {
  const { definition, image } = loaded;
  const written = flags.context === undefined ? undefined : join(flags.context, image ?? "");
  // Without a folder to write them to, a definition with programs is refused: it needs none of its plans.
  const isRefused = written === undefined && definition.programs.length > 0;
  const variants = isRefused ? [] : Object.keys(definition.variants);
  const plans = await Promise.all(variants.map((variant) => planBuild(loaded, variant)));
  const file = bakeFile(definition, {
    ...placesOf(loaded, flags),
    labels: labelsOf(plans),
    ...(written === undefined ? {} : { context: written }),
  });
  const [first] = plans;
  if (written !== undefined && first !== undefined) await writeContext(first, resolve(written));
  return file;
}

function placesOf({ definition, folder, image }: LoadedDefinition, { platform, to, cacheRef }: BakeFlags): BakeOptions {
  const repository = to ?? definition.repository;
  return {
    folder: relative(process.cwd(), folder),
    ...(image === undefined ? {} : { image }),
    ...(platform === undefined ? {} : { platforms: readPlatforms(platform) }),
    ...(repository === undefined ? {} : { repository: repositoryPlace(repository).name }),
    ...(cacheRef === undefined ? {} : { cache: (name) => registryCache(`${cacheRef}:${name}`) }),
  };
}

function labelsOf(plans: readonly BuildPlan[]): NonNullable<BakeOptions["labels"]> {
  return (variant) => {
    const plan = plans.find((each) => each.variant === variant);
    return plan === undefined ? {} : { [INPUT_LABEL]: plan.inputHash };
  };
}
