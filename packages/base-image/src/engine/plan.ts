import { createHash } from "node:crypto";
import { resolve } from "node:path";

import type { LoadedDefinition } from "../config/load.ts";
import type { Mount } from "../dockerfile/mount.ts";
import { expandText } from "../dockerfile/expand-text.ts";
import { argsOf, partsOf, type BuildArg, type Modifier, type Variable } from "../dockerfile/text.ts";
import { referenceText } from "../stage/base.ts";
import { renderDockerfile } from "../stage/dockerfile.ts";
import { stagesFor } from "../stage/graph.ts";
import { variantStage } from "../stage/image.ts";
import { sshIds } from "../stage/mount.ts";
import type { Stage } from "../stage/stage.ts";
import { mergeContexts, readContext, type ContextManifest } from "./context.ts";
import { programContext } from "./programs.ts";

/** Everything a build is, before it is one. */
export interface BuildPlan {
  readonly image: string;
  readonly variant: string;
  readonly dockerfile: string;
  readonly context: ContextManifest;
  /** sha256 over the Dockerfile's text and the context's content; neither times nor paths of this machine are in it. */
  readonly inputHash: string;
  /** What stands after FROM and names an image, not a stage. */
  readonly bases: readonly PlannedBase[];
  readonly secrets: readonly PlannedSecret[];
  /** The ids of the SSH agents that some RUN uses. */
  readonly ssh: readonly string[];
  readonly args: readonly string[];
}

/** A secret that some RUN sees. */
export interface PlannedSecret {
  readonly id: string;
  readonly required: boolean;
}

/** An image a stage is built from. */
export interface PlannedBase {
  /** With the defaults of its build arguments; an argument without one stands as `${NAME}`. */
  readonly reference: string;
  /** The build arguments it depends on. */
  readonly args: readonly string[];
  /** Those of them without a default: the reference is known when the build is given them. */
  readonly unset: readonly string[];
}

/** Plans the build of a variant; the default one without a name. */
export async function planBuild(loaded: LoadedDefinition, variantName?: string): Promise<BuildPlan> {
  const { definition } = loaded;
  const { name: variant, stage } = variantStage(definition, variantName);
  const { text } = renderDockerfile(definition, variant);
  const context = await readBuildContext(loaded);
  const stages = stagesFor([stage], definition.stages);
  const steps = stages.flatMap((each) => each.steps);
  const mounts = steps.flatMap(({ instruction }) =>
    instruction.instruction === "RUN" ? (instruction.mounts ?? []) : [],
  );
  const fromArgs = stages.flatMap(({ base }) => (base.kind === "image" ? argsOf(base.image) : []));
  const declared = steps.flatMap(({ instruction, args }) => (instruction.instruction === "ONBUILD" ? [] : args));
  return {
    image: definition.name,
    variant,
    dockerfile: text,
    context,
    inputHash: hashInputs(text, context),
    bases: plannedBases(stages),
    secrets: secretsIn(mounts),
    ssh: sshIds(mounts),
    args: [...new Set([...fromArgs, ...declared].map(({ name }) => name))],
  };
}

/** What the engine is given beside the Dockerfile: the definition's context and its programs. */
export async function readBuildContext({ definition, folder }: LoadedDefinition): Promise<ContextManifest> {
  const application = definition.context === undefined ? undefined : resolve(folder, definition.context);
  return mergeContexts(await readContext(application), await programContext(definition.programs, folder));
}

/** The hash of what a build depends on, as far as the definition knows it. */
export function hashInputs(dockerfile: string, context: ContextManifest): string {
  const hash = createHash("sha256").update("slipway-input/1\0").update(dockerfile);
  for (const { path, kind, mode, content } of context.entries) {
    hash.update(`\0${path}\0${kind}\0${mode.toString(8)}\0${content}`);
  }
  return hash.digest("hex");
}

function plannedBases(stages: readonly Stage[]): readonly PlannedBase[] {
  const images = stages.flatMap(({ base }) => (base.kind === "image" ? [base] : []));
  const byText = new Map(images.map((image) => [referenceText(image), image]));
  return [...byText.values()].map(({ image }) => {
    const args = argsOf(image);
    const fallbacks = new Map(args.flatMap(({ name, fallback }) => (fallback === undefined ? [] : [[name, fallback]])));
    const words = partsOf(image).map((part) => (typeof part === "string" ? part : valueOf(part, fallbacks)));
    const names = [...new Set(args.map(({ name }) => name))];
    const unset = args.flatMap(({ name, modifier }) => (fallbacks.has(name) || hasWord(modifier) ? [] : [name]));
    return { reference: words.join(""), args: names, unset: [...new Set(unset)] };
  });
}

/** Whether a modifier says what stands there when the variable is not set. */
function hasWord(modifier: Modifier | undefined): boolean {
  return /^:?[-+]$/.test(modifier?.operator ?? "");
}

/** What a variable comes to with these defaults; one without a default stands for itself. */
function valueOf(part: BuildArg | Variable, fallbacks: ReadonlyMap<string, string>): string {
  if (part.modifier === undefined) return fallbacks.get(part.name) ?? `\${${part.name}}`;
  const expanded = expandText(part, fallbacks);
  return "value" in expanded ? expanded.value : `\${${part.name}}`;
}

/** One of each id; required when any mount requires it. */
function secretsIn(mounts: readonly Mount[]): readonly PlannedSecret[] {
  const byId = new Map<string, PlannedSecret>();
  for (const mount of mounts) {
    if (mount.type !== "secret" || typeof mount.id !== "string") continue;
    const { id, required = false } = mount;
    byId.set(id, { id, required: required || byId.get(id)?.required === true });
  }
  return [...byId.values()];
}
