import { renderFile, type DockerfileFile } from "../dockerfile/file.ts";
import { isOlder, lowestFrontend } from "../dockerfile/frontend.ts";
import { declaration } from "../dockerfile/instruction.ts";
import { referenceText } from "./base.ts";
import { assertContexts, fitted, NAMED_CONTEXTS } from "./fit.ts";
import { assertGraph, stagesFor } from "./graph.ts";
import { variantStage, type ImageDefinition } from "./image.ts";
import { entriesOf, fromOf, globalArgs } from "./lower.ts";
import { pinnableImages, pinned } from "./pins.ts";
import type { Stage } from "./stage.ts";

/** One stage of a rendered Dockerfile. */
export interface RenderedStage {
  readonly name: string;
  readonly base: string;
  /** The line its FROM stands on, counted from 1. */
  readonly line: number;
  readonly instructions: readonly string[];
}

/** A Dockerfile and where its stages begin. */
export interface RenderedDockerfile {
  readonly text: string;
  readonly stages: readonly RenderedStage[];
}

/**
 * The Dockerfile of a definition, the same bytes for the same definition. With a variant only the stages it needs.
 * @throws BaseImageError when the stages do not fit together, a value cannot be written down, or the frontend it is for
 * does not know something in it.
 */
export function renderDockerfile(definition: ImageDefinition, variant?: string): RenderedDockerfile {
  assertGraph(definition);
  const stages = stagesOf(definition, variant);
  const { text, lines } = renderFile(fileOf(definition, stages));
  return {
    text,
    stages: stages.map((stage, index) => ({
      name: stage.name,
      base: baseText(stage),
      line: lines[index] ?? 0,
      instructions: stage.steps.map(({ instruction }) => instruction.instruction).filter((name) => name !== "COMMENT"),
    })),
  };
}

/** The lowest version of `docker/dockerfile` that reads the Dockerfile of a variant, or of all variants. */
export function frontendFor(definition: ImageDefinition, variant?: string): string {
  const used = stagesOf(definition, variant);
  const { stages } = fileOf(definition, used);
  const lowest = lowestFrontend(
    stages.flatMap(({ entries }) => entries.filter((entry) => entry.instruction !== "COMMENT")),
  );
  return contextsOf(used).length > 0 && isOlder(lowest, NAMED_CONTEXTS) ? NAMED_CONTEXTS : lowest;
}

function contextsOf(stages: readonly Stage[]): readonly string[] {
  const outside = stages.flatMap(({ steps }) => steps.flatMap((step) => step.outside ?? []));
  return outside.flatMap((source) => (source.kind === "context" ? [source.name] : []));
}

/** The stages of a variant, or of all variants, in the order of the file. */
export function stagesOf(definition: ImageDefinition, variant?: string): readonly Stage[] {
  const targets =
    variant === undefined ? Object.values(definition.variants) : [variantStage(definition, variant).stage];
  return stagesFor(targets, definition.stages);
}

/** The file of these stages, as the definition's frontend reads it. */
export function fileOf({ frontend, syntax, pins }: ImageDefinition, stages: readonly Stage[]): DockerfileFile {
  assertContexts(contextsOf(stages), frontend, syntax);
  const globals = globalArgs(stages);
  const file: DockerfileFile = {
    ...(syntax === undefined ? {} : { syntax }),
    globals: [...globals.values()].map((arg) => declaration(arg)),
    stages: stages.map((stage) => ({ about: stage.about, from: fromOf(stage), entries: entriesOf(stage, globals) })),
  };
  return pinned(fitted(file, frontend), pins ?? new Map());
}

/** The images of a variant, or of all variants, that the lock could pin and has not. */
export function unpinnedImages(definition: ImageDefinition, variant?: string): readonly string[] {
  return pinnableImages(fileOf(definition, stagesOf(definition, variant)));
}

function baseText(stage: Stage): string {
  return stage.base.kind === "stage" ? stage.base.name : referenceText(stage.base);
}
