import type { ErrorCode } from "../errors.ts";
import type { Instruction } from "../dockerfile/instruction.ts";
import { variablesOf, partsOf, type Text } from "../dockerfile/text.ts";
import { unsetVariables } from "./variables.ts";
import { stageLabel, stageNamed, type FileView, type Spot } from "./stage-view.ts";

/** A rule about how stages and variables fit together; `reason` is what BuildKit would do. */
export interface GraphRule {
  readonly code: ErrorCode | "stage-later" | "variable-unset" | "copy-target-relative";
  readonly severity: "error" | "warning";
  readonly reason: string;
  readonly hint: string;
  readonly find: (view: FileView) => readonly Spot[];
}

const NAME = /^[a-z][a-z0-9_.-]*$/;
const RESERVED = new Set(["scratch", "context"]);

/** Arguments that BuildKit sets by itself before the first FROM. */
export const PLATFORM_ARGS: RegExp = /^(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT)$/;

/** Every rule that a file can be held against, built or read. */
export const GRAPH_RULES: readonly GraphRule[] = [
  {
    code: "BASE_IMAGE_STAGE_RESERVED",
    severity: "error",
    reason: "BuildKit takes the name for the empty image or for the context.",
    hint: "Choose a name other than `scratch` and `context`.",
    find: (view) =>
      named(
        view,
        (name) => RESERVED.has(name.toLowerCase()),
        (name) => `a stage is named ${JSON.stringify(name)}`,
      ),
  },
  {
    code: "BASE_IMAGE_STAGE_NAME",
    severity: "error",
    reason: "BuildKit refuses the name, or makes its letters small.",
    hint: "Begin with a small letter and go on with small letters, digits, '-', '_' and '.'.",
    find: (view) =>
      named(
        view,
        (name) => !NAME.test(name),
        (name) => `a stage is named ${JSON.stringify(name)}; expected ${NAME.source}`,
      ),
  },
  {
    code: "BASE_IMAGE_STAGE_DUPLICATE",
    severity: "error",
    reason: "BuildKit silently uses the later one.",
    hint: "Rename one of them.",
    find: (view) =>
      named(
        view,
        (name, index) => stageNamed(view, name, index) !== undefined,
        (name) => `two stages are named ${JSON.stringify(name)}`,
      ),
  },
  {
    code: "stage-later",
    severity: "error",
    reason: "BuildKit refuses a stage that copies from itself or from a later one.",
    hint: "Move the stage that is copied from before the one that copies.",
    find: (view) => everywhere(view, laterStage),
  },
  {
    code: "BASE_IMAGE_ARG_NOT_GLOBAL",
    severity: "error",
    reason: "Only arguments declared before the first FROM expand in a FROM; any other variable is empty there.",
    hint: "Use a build argument made with arg(), which is declared before the first FROM by itself.",
    find: notGlobal,
  },
  {
    code: "BASE_IMAGE_COPY_TARGET",
    severity: "error",
    reason: "Each source is written over the one before it.",
    hint: "End the target with a slash.",
    find: (view) => everywhere(view, severalSources),
  },
  {
    code: "variable-unset",
    severity: "warning",
    reason:
      "BuildKit puts nothing in the place of a variable that is not set, and reads the values from before the instruction.",
    hint: "Set it in an ENV or ARG before this instruction.",
    find: (view) => view.stages.flatMap((_, stage) => unsetVariables(view, stage)),
  },
  {
    code: "copy-target-relative",
    severity: "warning",
    reason: "The target depends on the working directory of the base, which the file does not say.",
    hint: "Set the WORKDIR in this stage, or write the target from the root on.",
    find: (view) => view.stages.flatMap((_, stage) => relativeTargets(view, stage).slice(0, 1)),
  },
];

function named(
  view: FileView,
  isWrong: (name: string, index: number) => boolean,
  say: (name: string) => string,
): readonly Spot[] {
  return view.stages.flatMap(({ from: { name } }, stage) =>
    name !== undefined && isWrong(name, stage) ? [{ stage, instruction: undefined, message: say(name) }] : [],
  );
}

function everywhere(
  view: FileView,
  wrong: (instruction: Instruction, stage: number, view: FileView) => string | undefined,
): readonly Spot[] {
  const spots: Spot[] = [];
  for (const [stage, { instructions }] of view.stages.entries()) {
    for (const [instruction, each] of instructions.entries()) {
      const message = wrong(each, stage, view);
      if (message === undefined) continue;
      spots.push({ stage, instruction, message: `${stageLabel(view, stage)}: ${message}` });
    }
  }
  return spots;
}

function laterStage(instruction: Instruction, stage: number, view: FileView): string | undefined {
  const sources =
    instruction.instruction === "RUN"
      ? (instruction.mounts ?? []).map((mount) => ("from" in mount ? mount.from : undefined))
      : [instruction.instruction === "COPY" ? instruction.from : undefined];
  const source = sources.find((name) => {
    if (name === undefined || stageNamed(view, name, stage) !== undefined) return false;
    return stageNamed(view, name, view.stages.length) !== undefined;
  });
  return source === undefined ? undefined : `${instruction.instruction} takes from ${source}, which is not before it`;
}

function notGlobal(view: FileView): readonly Spot[] {
  const known = (name: string): boolean => view.globals.has(name) || PLATFORM_ARGS.test(name);
  return view.stages.flatMap(({ from: { image, platform } }, stage) => {
    const used = [image, ...(platform === undefined ? [] : [platform])].flatMap((text) => variablesOf(text));
    const missing = used.find(({ name, modifier }) => !known(name) && modifier === undefined);
    if (missing === undefined) return [];
    const message = `${stageLabel(view, stage)}: FROM uses ${missing.name}, which is no global argument`;
    return [{ stage, instruction: undefined, message }];
  });
}

function severalSources(instruction: Instruction): string | undefined {
  if (instruction.instruction !== "COPY" && instruction.instruction !== "ADD") return undefined;
  const count = instruction.sources.length + (instruction.files?.length ?? 0);
  const target = literalEnd(instruction.target);
  if (count < 2 || target === undefined || /(?:^|\/)\.{0,2}$/.test(target)) return undefined;
  return `${instruction.instruction} has ${count} sources and the target ${JSON.stringify(target)}; expected a folder, with a slash at its end`;
}

function relativeTargets(view: FileView, stage: number): readonly Spot[] {
  const { base, instructions = [] } = view.stages[stage] ?? {};
  if (base !== undefined && view.stages[base]?.hasWorkdir === true) return [];
  const first = instructions.findIndex((each) => each.instruction === "WORKDIR");
  return instructions.flatMap((each, instruction) => {
    if (first !== -1 && instruction > first) return [];
    if (each.instruction !== "COPY" && each.instruction !== "ADD") return [];
    const [start = ""] = partsOf(each.target);
    if (typeof start !== "string" || start.startsWith("/") || /^[a-z]:/i.test(start)) return [];
    const message = `${stageLabel(view, stage)}: ${each.instruction} has the relative target ${JSON.stringify(start)} without a WORKDIR before it`;
    return [{ stage, instruction, message }];
  });
}

/** The end of a path, if it is not a variable. */
function literalEnd(path: Text): string | undefined {
  const last = partsOf(path).at(-1);
  return typeof last === "string" ? last : undefined;
}
