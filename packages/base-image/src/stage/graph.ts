import { BaseImageError, ERRORS, type ErrorCode } from "../errors.ts";
import { argsOfStage, fromOf, globalArgs, instructionsOf } from "./lower.ts";
import { GRAPH_RULES, type GraphRule } from "./graph-rules.ts";
import { assertDefinition, type ImageDefinition } from "./image.ts";
import { viewOf } from "./stage-view.ts";
import { nearest } from "../dockerfile/known-keys.ts";
import type { BuildArg } from "../dockerfile/text.ts";
import type { Stage } from "./stage.ts";

/** Something wrong, or worth a look, in a definition. */
export interface Finding {
  readonly code: ErrorCode | GraphRule["code"] | "stage-unreached";
  readonly kind: "graph" | "lint";
  readonly severity: "error" | "warning";
  readonly stage: string;
  readonly message: string;
  readonly hint: string;
}

/** The stages this one names: its base and what it copies or binds from. */
export function neighbours(stage: Stage): readonly Stage[] {
  const named = stage.base.kind === "stage" ? [stage.base] : [];
  for (const { uses } of stage.steps) named.push(...uses);
  return named;
}

/** Everything wrong with the stages of a definition and what they refer to, in the order of the stages. */
export function checkGraph(definition: ImageDefinition): readonly Finding[] {
  assertDefinition(definition);
  const listed = new Set(definition.stages);
  const references = definition.stages.flatMap((stage) =>
    neighbours(stage).flatMap((other) =>
      listed.has(other) && other.name !== stage.name ? [] : [wrongReference(stage, other, definition)],
    ),
  );
  const foreignVariants = Object.entries(definition.variants)
    .filter(([, stage]) => !listed.has(stage))
    .map(([name, stage]) => foreign(`variant ${name}`, stage, definition));
  const fitting = checkRules(definition);
  const errors = [...fitting, ...checkDefaults(definition), ...references, ...foreignVariants].filter(
    ({ severity }) => severity === "error",
  );
  if (errors.length > 0) return errors;
  const reached = new Set(stagesFor(Object.values(definition.variants), definition.stages));
  return [...fitting, ...definition.stages.filter((stage) => !reached.has(stage)).map(unreached)];
}

/** The definition's graph, proven: throws the first error that {@link checkGraph} finds. */
export function assertGraph(definition: ImageDefinition): void {
  for (const { code, message, hint, severity } of checkGraph(definition)) {
    if (severity === "error" && isErrorCode(code)) throw new BaseImageError(code, message, { hint });
  }
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

/** The rules of the graph, held against the stages as they will stand in the file. */
function checkRules({ stages }: ImageDefinition): readonly Finding[] {
  const globals = globalArgs(stages);
  const view = viewOf(
    [...globals.keys()],
    stages.map((stage) => ({ from: fromOf(stage), instructions: instructionsOf(stage, globals) })),
  );
  return GRAPH_RULES.flatMap(({ code, severity, hint, find }) =>
    find(view).map(({ stage, message }) => ({
      code,
      kind: "graph",
      severity,
      stage: stages[stage]?.name ?? "",
      message,
      hint,
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

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
