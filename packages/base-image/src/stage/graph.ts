import { BaseImageError, ERRORS, type ErrorCode } from "../errors.ts";
import type { Severity } from "../dockerfile/finding.ts";
import { declaration } from "../dockerfile/instruction.ts";
import { argsOfStage, fromOf, globalArgs, instructionsOf } from "./lower.ts";
import { GRAPH_RULES } from "./graph-rules.ts";
import { referenceText } from "./base.ts";
import { assertDefinition, type ImageDefinition } from "./image.ts";
import { viewOf } from "./stage-view.ts";
import { nearest } from "../dockerfile/known-keys.ts";
import type { BuildArg } from "../dockerfile/text.ts";
import { sourceName } from "./source.ts";
import type { Stage } from "./stage.ts";

/** @see https://docs.docker.com/reference/dockerfile/#from */
const STAGE_NAME = /^[a-z][a-z0-9_.-]*$/;

/** Something wrong, or worth a look, in a definition; the message names the stage. */
export interface Finding {
  /** What a render is refused with; else the code of the rule. */
  readonly code: string;
  readonly kind: "graph";
  readonly severity: Severity;
  readonly stage: string;
  readonly message: string;
  readonly hint: string;
}

/** Something that no Dockerfile is made of. */
interface Refusal extends Finding {
  readonly code: ErrorCode;
}

/** The stages this one names: its base and what it copies or binds from. */
export function neighbours(stage: Stage): readonly Stage[] {
  const named = stage.base.kind === "stage" ? [stage.base] : [];
  for (const { uses } of stage.steps) named.push(...uses);
  return named;
}

/** Everything wrong with the stages of a definition and what they refer to; only what it is refused for, if there is any. */
export function checkGraph(definition: ImageDefinition): readonly Finding[] {
  const refusals = refusalsOf(definition);
  return refusals.length > 0 ? refusals : checkRules(definition, ADVICE);
}

/** Whether no Dockerfile is made of a definition with this finding. */
export function isRefusal(finding: Finding): finding is Refusal {
  return Object.hasOwn(ERRORS, finding.code);
}

/** The definition's graph, proven: throws the first refusal that {@link checkGraph} finds. */
export function assertGraph(definition: ImageDefinition): void {
  const [refusal] = refusalsOf(definition);
  if (refusal !== undefined) throw new BaseImageError(refusal.code, refusal.message, { hint: refusal.hint });
}

/** Rules that no Dockerfile is made against, and those that only `check` tells of. */
const REFUSALS = GRAPH_RULES.filter(({ refusal }) => refusal !== undefined);
const ADVICE = GRAPH_RULES.filter(({ refusal }) => refusal === undefined);

function refusalsOf(definition: ImageDefinition): readonly Refusal[] {
  assertDefinition(definition);
  const findings = [
    ...checkNames(definition),
    ...checkOutside(definition),
    ...checkRules(definition, REFUSALS),
    ...checkDefaults(definition),
    ...checkReferences(definition),
  ];
  return findings.filter(isRefusal);
}

/** Stages that are not listed, or are an earlier value of the one that uses them. */
function checkReferences(definition: ImageDefinition): readonly Finding[] {
  const listed = new Set(definition.stages);
  const references = definition.stages.flatMap((stage) =>
    neighbours(stage).flatMap((other) =>
      listed.has(other) && other.name !== stage.name ? [] : [wrongReference(stage, other, definition)],
    ),
  );
  const variants = Object.entries(definition.variants).filter(([, stage]) => !listed.has(stage));
  return [...references, ...variants.map(([name, stage]) => foreign(`variant ${name}`, stage, definition))];
}

/** Names that BuildKit refuses, or whose letters it makes small. */
function checkNames({ stages }: ImageDefinition): readonly Finding[] {
  return stages
    .filter(({ name }) => !STAGE_NAME.test(name))
    .map((stage) => {
      const text = `a stage is named ${JSON.stringify(stage.name)}; expected ${STAGE_NAME.source}`;
      return error("BASE_IMAGE_STAGE_NAME", stage, text);
    });
}

/** Arguments of one name with two defaults, where BuildKit has room for one: in a stage, and in all that name a global one. */
function checkDefaults({ stages }: ImageDefinition): readonly Finding[] {
  const globals = globalArgs(stages);
  return stages.flatMap((stage) => {
    const seen = new Map<string, BuildArg>(globals);
    return argsOfStage(stage).flatMap((arg) => {
      const other = seen.get(arg.name) ?? arg;
      seen.set(arg.name, other);
      if (other.fallback === arg.fallback) return [];
      const values = [other, arg].map(({ fallback }) => (fallback === undefined ? "none" : JSON.stringify(fallback)));
      const text = `stage ${stage.name} uses ${arg.name} with the default ${values[1]}, where it also has ${values[0]}`;
      return [error("BASE_IMAGE_ARG_CONFLICT", stage, text)];
    });
  });
}

/** Images and named contexts that BuildKit would take for a stage: by its name, and after `from=` by its number too. */
function checkOutside({ stages }: ImageDefinition): readonly Finding[] {
  const names = new Set(stages.map(({ name }) => name));
  return stages.flatMap((stage) =>
    outsideOf(stage)
      .filter((name) => names.has(name.toLowerCase()) || /^\d+$/.test(name))
      .map((name) => {
        const text = `stage ${stage.name} takes ${JSON.stringify(name)} from outside, which BuildKit takes for a stage`;
        const hint = `Write an image with its tag, as "${name}:latest", or rename the stage or the context.`;
        return { ...error("BASE_IMAGE_STAGE_NAME", stage, text), hint };
      }),
  );
}

/** What a stage names that is no stage; its own base may have its name, as no stage of it is there yet. */
function outsideOf({ name, base, steps }: Stage): readonly string[] {
  const below = base.kind === "image" ? [referenceText(base)].filter((image) => image !== name) : [];
  return [...below, ...steps.flatMap(({ outside = [] }) => outside).map(sourceName)];
}

/** The rules of the graph, held against the stages as they would stand in a file. */
function checkRules({ stages: listed, variants }: ImageDefinition, rules: typeof GRAPH_RULES): readonly Finding[] {
  const known = new Set(listed);
  const stages = stagesFor(listed, listed).filter((stage) => known.has(stage));
  const globals = globalArgs(stages);
  const places = new Map(stages.map((stage, index) => [stage, index]));
  const view = viewOf(
    [...globals.values()].flatMap((arg) => declaration(arg).args),
    stages.map((stage) => ({ from: fromOf(stage), instructions: instructionsOf(stage, globals) })),
    Object.values(variants).flatMap((stage) => places.get(stage) ?? []),
  );
  return rules.flatMap(({ code, refusal, severity, remedy, find }) =>
    [...find(view)].map(({ stage, message, hint }) => ({
      code: refusal ?? code,
      kind: "graph",
      severity,
      stage: stages[stage]?.name ?? "",
      message: `stage ${stages[stage]?.name ?? ""}: ${message}`,
      hint: hint ?? (refusal === undefined ? remedy : ERRORS[refusal].remedy),
    })),
  );
}

/**
 * The stages a build of `target` needs, each after those it refers to; among those free to move, in the order listed.
 */
export function stagesFor(targets: readonly Stage[], listed: readonly Stage[]): readonly Stage[] {
  const needed = new Set<Stage>();
  const visit = (stage: Stage): void => {
    if (needed.has(stage)) return;
    needed.add(stage);
    for (const next of neighbours(stage)) visit(next);
  };
  for (const target of targets) visit(target);
  const ordered = new Set<Stage>();
  const place = (stage: Stage): void => {
    if (ordered.has(stage)) return;
    for (const next of neighbours(stage)) place(next);
    ordered.add(stage);
  };
  for (const stage of listed) if (needed.has(stage)) place(stage);
  return [...ordered];
}

function wrongReference(stage: Stage, other: Stage, definition: ImageDefinition): Finding {
  if (other.name === stage.name) {
    const text = `stage ${stage.name} uses an earlier value of itself`;
    return error("BASE_IMAGE_STAGE_SELF_COPY", stage, text);
  }
  const listed = definition.stages.find(({ name }) => name === other.name);
  if (listed !== undefined && reachable(listed).has(stage)) {
    const text = `stages ${stage.name} and ${other.name} need each other`;
    return error("BASE_IMAGE_STAGE_CYCLE", stage, text);
  }
  return foreign(`stage ${stage.name}`, other, definition);
}

function foreign(user: string, other: Stage, definition: ImageDefinition): Refusal {
  const names = definition.stages.map(({ name }) => name);
  if (names.includes(other.name)) {
    const text = `${user} uses a stage ${JSON.stringify(other.name)} that is not the one among the definition's stages`;
    const hint = "Every call on a stage makes a new one: use the same value in both places.";
    return { ...error("BASE_IMAGE_STAGE_FOREIGN", other, text), hint };
  }
  const text = `${user} uses stage ${JSON.stringify(other.name)}, which is not among the stages ${names.join(", ")}`;
  const near = nearest(other.name, names);
  const hint = near === undefined ? ERRORS.BASE_IMAGE_STAGE_FOREIGN.remedy : `Did you mean ${near}?`;
  return { ...error("BASE_IMAGE_STAGE_FOREIGN", other, text), hint };
}

function reachable(stage: Stage, seen = new Set<Stage>()): ReadonlySet<Stage> {
  for (const next of neighbours(stage)) {
    if (seen.has(next)) continue;
    seen.add(next);
    reachable(next, seen);
  }
  return seen;
}

function error(code: ErrorCode, stage: Stage, message: string): Refusal {
  return { code, kind: "graph", severity: "error", stage: stage.name, message, hint: ERRORS[code].remedy };
}
