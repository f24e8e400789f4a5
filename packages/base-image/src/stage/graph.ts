import { BaseImageError, ERRORS, type ErrorCode } from "../errors.ts";
import { assertDefinition, type ImageDefinition } from "./image.ts";
import { nearest } from "../dockerfile/known-keys.ts";
import type { Stage } from "./stage.ts";

/** Something wrong, or worth a look, in a definition. */
export interface Finding {
  readonly code: ErrorCode | "stage-unreached";
  readonly kind: "graph" | "lint";
  readonly severity: "error" | "warning";
  readonly stage: string;
  readonly message: string;
  readonly hint: string;
}

const NAME = /^[a-z][a-z0-9_.-]*$/;
const RESERVED = new Set(["scratch", "context"]);

/** The stages this one names: its base and what it copies or binds from. */
export function neighbours(stage: Stage): readonly Stage[] {
  return [...(stage.base.kind === "stage" ? [stage.base] : []), ...stage.steps.flatMap((step) => step.uses)];
}

/** Everything wrong with the stages of a definition and what they refer to, in the order of the stages. */
export function checkGraph(definition: ImageDefinition): readonly Finding[] {
  assertDefinition(definition);
  const findings = definition.stages.flatMap((stage, index) => [
    ...checkName(stage),
    ...checkDuplicate(stage, definition.stages.slice(0, index)),
    ...neighbours(stage).flatMap((other) => checkReference(stage, other, definition)),
  ]);
  const foreignVariants = Object.entries(definition.variants)
    .filter(([, stage]) => !definition.stages.includes(stage))
    .map(([name, stage]) => foreign(`variant ${name}`, stage, definition));
  const warnings = definition.stages.filter((stage) => !isReached(stage, definition)).map(unreached);
  const errors = [...findings, ...foreignVariants];
  return errors.length > 0 ? errors : warnings;
}

/** The definition's graph, proven: throws the first error that {@link checkGraph} finds. */
export function assertGraph(definition: ImageDefinition): void {
  for (const { code, message, hint } of checkGraph(definition)) {
    if (code !== "stage-unreached") throw new BaseImageError(code, message, { hint });
  }
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

function checkName(stage: Stage): readonly Finding[] {
  if (RESERVED.has(stage.name)) {
    return [error("BASE_IMAGE_STAGE_RESERVED", stage, `a stage is named ${JSON.stringify(stage.name)}`)];
  }
  if (NAME.test(stage.name)) return [];
  return [
    error("BASE_IMAGE_STAGE_NAME", stage, `a stage is named ${JSON.stringify(stage.name)}; expected ${NAME.source}`),
  ];
}

function checkDuplicate(stage: Stage, before: readonly Stage[]): readonly Finding[] {
  if (!before.some((other) => other.name === stage.name)) return [];
  return [error("BASE_IMAGE_STAGE_DUPLICATE", stage, `two stages are named ${JSON.stringify(stage.name)}`)];
}

function checkReference(stage: Stage, other: Stage, definition: ImageDefinition): readonly Finding[] {
  if (other.name === stage.name) {
    const text = `stage ${stage.name} uses an earlier value of itself`;
    return [error("BASE_IMAGE_STAGE_SELF_COPY", stage, text)];
  }
  if (definition.stages.includes(other)) return [];
  const listed = definition.stages.find(({ name }) => name === other.name);
  if (listed !== undefined && reachable(listed).has(stage)) {
    const text = `stages ${stage.name} and ${other.name} need each other`;
    return [error("BASE_IMAGE_STAGE_CYCLE", stage, text)];
  }
  return [foreign(`stage ${stage.name}`, other, definition)];
}

function foreign(user: string, other: Stage, definition: ImageDefinition): Finding {
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

function isReached(stage: Stage, definition: ImageDefinition): boolean {
  return Object.values(definition.variants).some((variant) => variant === stage || reachable(variant).has(stage));
}

function unreached(stage: Stage): Finding {
  return {
    code: "stage-unreached",
    kind: "graph",
    severity: "warning",
    stage: stage.name,
    message: `no variant needs stage ${stage.name}; it is never built`,
    hint: "Copy from it, make it a variant, or remove it.",
  };
}

function error(code: ErrorCode, stage: Stage, message: string): Finding {
  return { code, kind: "graph", severity: "error", stage: stage.name, message, hint: ERRORS[code].remedy };
}
