import { Option } from "commander";

import { resolveLocally, type LocalDigests } from "../engine/digests.ts";
import { dockerBuildArguments, needsBuildx } from "../engine/docker-command.ts";
import { stageKeys } from "../engine/stage-keys.ts";
import type { LoadedDefinition } from "../config/load.ts";
import { planBuild, type BuildPlan, type PlannedBase } from "../engine/plan.ts";
import { frontendFor } from "../stage/dockerfile.ts";
import { stageInputs, type StageInputs } from "../stage/inputs.ts";
import { mermaid, stageGraph } from "../stage/stage-graph.ts";
import { foreseenTags, publishTarget } from "../publish/target.ts";
import { DEFAULT_PUBLISH_FLAGS, readPublishFlags } from "./publish-flags.ts";
import { definitionFor, type AddVerb, type VerbContext } from "./verb.ts";

/** `base-image explain`: the plan of a build. */
export const addExplain: AddVerb = (program, contextFor) => {
  program
    .command("explain")
    .description("the plan of a build: tags, bases, inputs and the command")
    .option("--variant <name>", "the variant to explain (default: the first)")
    .addOption(
      new Option("--graph <format>", "the stages and what they take from each other").choices(["json", "mermaid"]),
    )
    .option("--inputs", "what each stage takes from the context and why, and a key for a cache of it")
    .addHelpText("after", "\nExample:\n  base-image explain --variant builder\n  base-image explain --graph mermaid\n")
    .action(async (flags: ExplainFlags, command) => {
      const context = contextFor(command);
      if (flags.graph !== undefined || flags.inputs === true) {
        await explainStages(context, await definitionFor(context), flags);
        return;
      }
      const loaded = await definitionFor(context);
      const plan = await planBuild(loaded, flags.variant);
      const frontend = frontendFor(loaded.definition, plan.variant);
      const local = await resolveLocally(plan.bases.map(({ reference }) => reference));
      const publish = await publishedAs(loaded, plan.variant);
      context.output.result(planText(plan, local, frontend, publish));
      context.output.summary({ ...planSummary(plan, local), frontend, publish });
    });
};

interface ExplainFlags {
  readonly variant?: string;
  readonly graph?: "json" | "mermaid";
  readonly inputs?: true;
}

async function explainStages({ output }: VerbContext, loaded: LoadedDefinition, flags: ExplainFlags): Promise<void> {
  const { definition } = loaded;
  const graph = stageGraph(definition, flags.variant);
  if (flags.graph === "json") output.result(`${JSON.stringify(graph, undefined, 2)}\n`);
  if (flags.graph === "mermaid") output.result(mermaid(graph));
  if (flags.inputs !== true) {
    output.summary({ graph, inputs: stageInputs(definition, flags.variant) });
    return;
  }
  const keys = await stageKeys(loaded, flags.variant);
  const inputs = stageInputs(definition, flags.variant).map((each) => ({ ...each, key: keys.get(each.stage) ?? "" }));
  output.result(inputs.map(inputsText).join(""));
  output.summary({ graph, inputs });
}

function inputsText({ stage, paths, reasons, key }: StageInputs & { readonly key: string }): string {
  const width = Math.max(0, ...paths.map((path) => path.length));
  const rows = paths.map((path) => `  ${path.padEnd(width)}  ${reasons[path] ?? ""}`.trimEnd());
  return `${[`${stage}  key ${key.slice(0, 16)}`, ...rows].join("\n")}\n`;
}

/** Where `publish` would put it, under which tags, without its flags. */
interface Publication {
  readonly repository: string;
  readonly tags: readonly string[];
}

async function publishedAs(loaded: LoadedDefinition, variant: string): Promise<Publication> {
  const { repository = "(no repository)" } = loaded.definition;
  const choices = readPublishFlags(DEFAULT_PUBLISH_FLAGS, repository);
  return { repository, tags: foreseenTags(await publishTarget(loaded, variant, { epoch: 0 }, choices)) };
}

function planSummary(plan: BuildPlan, { engineAnswers, digests }: LocalDigests): object {
  return {
    image: plan.image,
    variant: plan.variant,
    tags: [defaultTag(plan)],
    engineAnswers,
    bases: plan.bases.map((base) => ({ ...base, digest: digests.get(base.reference) })),
    inputHash: plan.inputHash,
    inputs: {
      dockerfileBytes: Buffer.byteLength(plan.dockerfile),
      contextEntries: plan.context.entries.length,
      contextBytes: plan.context.bytes,
    },
    buildArgs: plan.args,
    secrets: plan.secrets.map(({ id, required }) => ({ id, required })),
    through: needsBuildx(plan) ? "buildx" : "engine",
    stdin: "a tar of the context",
    command: buildCommand(plan),
  };
}

function planText(plan: BuildPlan, local: LocalDigests, frontend: string, publish: Publication): string {
  const files = plan.context.entries.filter(({ kind }) => kind !== "directory").length;
  const rows: readonly (readonly [string, string])[] = [
    ["image", `${plan.image}, variant ${plan.variant}`],
    ["tag", defaultTag(plan)],
    ...plan.bases.map((base): [string, string] => ["from", baseText(base, local)]),
    ["input hash", plan.inputHash],
    [
      "  of",
      `the Dockerfile (${plan.dockerfile.split("\n").length - 1} lines) and ${files} files (${plan.context.bytes} bytes)`,
    ],
    ["frontend", `docker/dockerfile ${frontend} or later`],
    ...(plan.args.length === 0 ? [] : [["build args", plan.args.join(", ")] as const]),
    ...plan.secrets.map(({ id, required }): [string, string] => [
      "secret",
      `${id} (${required ? "required" : "optional"})`,
    ]),
    [
      "built by",
      needsBuildx(plan) ? "docker buildx: the engine's interface takes no secrets" : "the engine's BuildKit",
    ],
    ["as", `(tar of the context) | ${buildCommand(plan)}`],
    ["published", `in ${publish.repository} as`],
    ...publish.tags.map((tag): [string, string] => ["  tag", tag]),
  ];
  return `${rows.map(([name, value]) => `${name.padEnd(11)} ${value}`).join("\n")}\n`;
}

function baseText({ reference, args, unset }: PlannedBase, { engineAnswers, digests }: LocalDigests): string {
  if (unset.length > 0) return `${reference} (ARG ${unset.join(", ")} without a default)`;
  const absent = engineAnswers ? "(not in this engine)" : "(no engine answers)";
  const from = args.length === 0 ? "" : ` (ARG ${args.join(", ")})`;
  return `${reference} ${digests.get(reference) ?? absent}${from}`;
}

function defaultTag(plan: BuildPlan): string {
  return `${plan.image}:${plan.variant}`;
}

/** The command that builds the same image from a tar of the same context, with the Dockerfile in it, on its standard input. */
function buildCommand(plan: BuildPlan): string {
  const secrets = plan.secrets.filter(({ required }) => required).map(({ id }) => ({ id, env: id }));
  const options = { tags: [defaultTag(plan)], buildArgs: {}, secrets, network: undefined, noCache: false };
  return ["docker", ...dockerBuildArguments(plan, options)].join(" ");
}
