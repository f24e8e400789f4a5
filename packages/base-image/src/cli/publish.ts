import type { LoadedDefinition } from "../config/load.ts";
import { assertBuildable } from "../engine/build-options.ts";
import { layoutArguments } from "../engine/docker-command.ts";
import { layoutFor } from "../publish/candidate.ts";
import { planPublish, type PublishPlan } from "../publish/plan.ts";
import { publish } from "../publish/publish.ts";
import { foundImage, planSettling } from "../publish/settle.ts";
import { readSource } from "../publish/source.ts";
import { publishTarget, type PublishChoices } from "../publish/target.ts";
import { unpinnedImages } from "../stage/dockerfile.ts";
import { buildTextOf } from "./build-text.ts";
import {
  chosenRepository,
  chosenVariants,
  readPublishFlags,
  withPublishFlags,
  type PublishFlags,
} from "./publish-flags.ts";
import { plannedSummary, plannedText, type PlannedVariant } from "./publish-plan-text.ts";
import { isPublishEvent, publishLine } from "./publish-text.ts";
import { definitionsFor, interruptible, type AddVerb, type VerbContext } from "./verb.ts";
import { assertionLine } from "./verify.ts";

const EXAMPLES = `
Examples:
  base-image publish --to registry.example.com/team/ruby-node
  base-image publish --platform linux/amd64 --platform linux/arm64 --compression zstd
`;

/** `base-image publish`: build, push, verify, and only then tags. */
export const addPublish: AddVerb = (program, contextFor) => {
  withPublishFlags(program.command("publish"))
    .description(
      "build and push by digest, verify that digest, then move the tags; nothing where the inputs are published",
    )
    .addHelpText("after", EXAMPLES)
    .action(async (flags: PublishFlags, command) => runPublish(flags, contextFor(command)));
};

type ChosenRepository = Awaited<ReturnType<typeof chosenRepository>>;

async function runPublish(flags: PublishFlags, context: VerbContext): Promise<void> {
  const summaries: PublishSummary[] = [];
  for (const loaded of await definitionsFor(context)) summaries.push(await publishImage(loaded, flags, context));
  const [first] = summaries;
  context.output.summary({ ...first, images: summaries.flatMap(({ images }) => images) });
}

interface PublishSummary {
  readonly repository: string;
  readonly dryRun: boolean;
  readonly images: readonly object[];
}

async function publishImage(
  loaded: LoadedDefinition,
  flags: PublishFlags,
  context: VerbContext,
): Promise<PublishSummary> {
  const repository = await chosenRepository(loaded, flags.to, context.signal);
  const choices = readPublishFlags(flags, repository.name);
  const source = await readSource(loaded.folder);
  const variants = chosenVariants(loaded, flags.variant);
  const targets = await Promise.all(variants.map((variant) => publishTarget(loaded, variant, source, choices)));
  for (const { plan } of targets) assertBuildable(plan, { ...choices.build, tags: [] });
  const plan = await planPublish(targets, choices.force, { repository }).catch(
    interruptible(context, "the publication"),
  );
  warnAboutTags(plan, context);
  const dryRun = flags.dryRun === true;
  const images = await (dryRun ? sayPlan : carryOut)(plan, choices, repository, context);
  return { repository: repository.name, dryRun, images };
}

async function carryOut(
  plan: PublishPlan,
  choices: PublishChoices,
  repository: ChosenRepository,
  context: VerbContext,
): Promise<readonly object[]> {
  const { output, signal } = context;
  const text = buildTextOf(context);
  try {
    const published = await publish(plan, choices, {
      repository,
      signal,
      emit: (event) => {
        output.event(event);
        if (event.type === "assertion") output.say(assertionLine(event));
        else if (isPublishEvent(event)) output.say(publishLine(event));
        else text.event(event);
      },
    }).catch(interruptible(context, "the publication"));
    for (const { digest } of published) output.result(`${repository.name}@${digest}\n`);
    return published;
  } finally {
    text.end();
  }
}

async function sayPlan(
  plan: PublishPlan,
  choices: PublishChoices,
  repository: ChosenRepository,
  { output }: VerbContext,
): Promise<readonly object[]> {
  const found = plan.targets.flatMap((each) => (each.action === "build" ? [] : (foundImage(each) ?? [])));
  const changes = await planSettling(found, choices.force, { repository });
  const shown = { ...withoutValues(choices.build), tags: [] };
  const variants = plan.targets.map((planned): PlannedVariant => {
    const { target } = planned;
    const command = layoutArguments(target.plan, shown, layoutFor(target, choices, "DIR"));
    return { ...planned, command, tags: changes[found.findIndex((each) => each.target === target)] ?? [] };
  });
  output.result(plannedText(repository.name, variants));
  return variants.map(plannedSummary);
}

/** A plan is read in a pipeline's log, and the value of a build argument may be for nobody else. */
function withoutValues(build: PublishChoices["build"]): PublishChoices["build"] {
  return { ...build, buildArgs: Object.fromEntries(Object.keys(build.buildArgs).map((name) => [name, "***"])) };
}

/** A base without a digest may have changed since: nothing of the inputs says so. */
function warnAboutTags({ targets }: PublishPlan, { output }: VerbContext): void {
  const names = new Set(
    targets.flatMap(({ target: { definition, plan } }) => unpinnedImages(definition, plan.variant)),
  );
  if (names.size === 0) return;
  const text = `${[...names].join(", ")}: not pinned to a digest, so a newer one is no reason to build again; run base-image lock`;
  output.say(`! ${text}\n`);
  output.event({ type: "warning", text });
}
