import { argsUsedBy, declaration, type FromInstruction, type Instruction } from "../dockerfile/instruction.ts";
import { renderComment, renderInstruction } from "../dockerfile/render.ts";
import { argsOf, type BuildArg } from "../dockerfile/text.ts";
import { referenceText } from "./base.ts";
import { assertGraph, stagesFor } from "./graph.ts";
import { variantStage, type ImageDefinition } from "./image.ts";
import type { Stage, Step } from "./stage.ts";

/** Build arguments that BuildKit sets by itself before the first FROM. */
const PLATFORM_ARGS = /^(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT)$/;

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
 * @throws BaseImageError when the stages do not fit together or a value cannot be written down.
 */
export function renderDockerfile(definition: ImageDefinition, variant?: string): RenderedDockerfile {
  assertGraph(definition);
  const targets =
    variant === undefined ? Object.values(definition.variants) : [variantStage(definition, variant).stage];
  const stages = stagesFor(targets, definition.stages);
  const globals = globalArgs(stages);
  const blocks = globals.length === 0 ? [] : [globals.map((arg) => renderInstruction(declaration(arg))).join("")];
  const rendered: RenderedStage[] = [];
  let line = blocks.join("").split("\n").length + (blocks.length > 0 ? 1 : 0);
  for (const stage of stages) {
    const about = stage.about === "" ? "" : renderComment(stage.about);
    const block = guarded(`${about}${renderStage(stage, globals)}`, blocks.length === 0);
    const fromLine = line + block.slice(0, block.search(/^FROM /m)).split("\n").length - 1;
    rendered.push({ name: stage.name, base: baseText(stage), line: fromLine, instructions: instructionNames(stage) });
    blocks.push(block);
    line += block.split("\n").length;
  }
  return { text: blocks.join("\n"), stages: rendered };
}

/** A first line that BuildKit would take for a directive is kept a comment by an empty one before it. */
function guarded(block: string, first: boolean): string {
  return first && /^#\s*(?:syntax|escape|check)\s*=/i.test(block) ? `#\n${block}` : block;
}

function globalArgs(stages: readonly Stage[]): readonly BuildArg[] {
  const used = stages.flatMap(({ base }) =>
    base.kind === "stage" ? [] : [...argsOf(base.image), ...(base.platform === undefined ? [] : argsOf(base.platform))],
  );
  const byName = new Map(used.filter(({ name }) => !PLATFORM_ARGS.test(name)).map((arg) => [arg.name, arg]));
  return [...byName.values()];
}

function renderStage(stage: Stage, globals: readonly BuildArg[]): string {
  let text = renderInstruction(fromOf(stage));
  let afterBody = false;
  const declared = new Set<string>();
  for (const [index, step] of stage.steps.entries()) {
    const { instruction } = step;
    const paragraph = instruction.instruction === "COMMENT" && index > 0;
    if ((paragraph || afterBody) && !text.endsWith("\n\n")) text += "\n";
    if (instruction.instruction === "COMMENT") {
      text += renderComment(instruction.text);
      afterBody = false;
      continue;
    }
    for (const arg of missingArgs(step, instruction, declared)) {
      const bare = globals.some(({ name }) => name === arg.name);
      text += renderInstruction(declaration(arg, bare));
    }
    text += renderInstruction(instruction);
    afterBody = hasBody(instruction);
  }
  return text;
}

/** The arguments to declare before an instruction; it may declare one itself. */
function missingArgs(step: Step, instruction: Instruction, declared: Set<string>): readonly BuildArg[] {
  if (instruction.instruction === "ARG") {
    for (const { name } of instruction.args) declared.add(name);
    return [];
  }
  return [...argsUsedBy(instruction), ...step.args].filter(({ name }) => {
    const missing = !declared.has(name);
    declared.add(name);
    return missing;
  });
}

/** Some readers want an empty line after a body. */
function hasBody(instruction: Instruction): boolean {
  if (instruction.instruction === "ONBUILD") return hasBody(instruction.trigger);
  if (instruction.instruction === "RUN") return instruction.command.form === "script";
  return (instruction.instruction === "COPY" || instruction.instruction === "ADD") && instruction.files !== undefined;
}

function fromOf({ base, name }: Stage): FromInstruction {
  if (base.kind === "stage") return { instruction: "FROM", image: base.name, name };
  const { image, platform } = base;
  return { instruction: "FROM", image, name, ...(platform === undefined ? {} : { platform }) };
}

function baseText(stage: Stage): string {
  return stage.base.kind === "stage" ? stage.base.name : referenceText(stage.base);
}

function instructionNames(stage: Stage): readonly string[] {
  return stage.steps.map(({ instruction }) => instruction.instruction).filter((name) => name !== "COMMENT");
}
