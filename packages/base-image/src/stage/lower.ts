import type { Comment } from "../dockerfile/file.ts";
import { argsUsedBy, declaration, type FromInstruction, type Instruction } from "../dockerfile/instruction.ts";
import { argsOf, type BuildArg } from "../dockerfile/text.ts";
import { PLATFORM_ARGS } from "./graph-rules.ts";
import type { Stage, Step } from "./stage.ts";

/** The build arguments that FROMs use, by their names: their ARGs stand before the first FROM. */
export function globalArgs(stages: readonly Stage[]): ReadonlyMap<string, BuildArg> {
  const used = stages.flatMap(argsOfBase);
  return new Map(used.filter(({ name }) => !PLATFORM_ARGS.test(name)).map((arg) => [arg.name, arg]));
}

/** The build arguments of a stage: of its FROM, and of its instructions. */
export function argsOfStage(stage: Stage): readonly BuildArg[] {
  const own = stage.steps.flatMap(({ instruction, args }) =>
    instruction.instruction === "COMMENT" ? [] : [...argsUsedBy(instruction), ...args],
  );
  return [...argsOfBase(stage), ...own];
}

/** A stage's FROM. */
export function fromOf({ base, name }: Stage): FromInstruction {
  if (base.kind === "stage") return { instruction: "FROM", image: base.name, name };
  const { image, platform } = base;
  return { instruction: "FROM", image, name, ...(platform === undefined ? {} : { platform }) };
}

/** What follows the FROM, with an ARG before the first use of each build argument. */
export function entriesOf(stage: Stage, globals: ReadonlyMap<string, BuildArg>): readonly (Instruction | Comment)[] {
  const declared = new Set<string>();
  return stage.steps.flatMap<Instruction | Comment>((step) => {
    const { instruction } = step;
    if (instruction.instruction === "COMMENT") return [instruction];
    return [
      ...missingArgs(step, instruction, declared).map((arg) => declaration(arg, globals.has(arg.name))),
      instruction,
    ];
  });
}

/** The same without the comments. */
export function instructionsOf(stage: Stage, globals: ReadonlyMap<string, BuildArg>): readonly Instruction[] {
  return entriesOf(stage, globals).filter((entry) => entry.instruction !== "COMMENT");
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

function argsOfBase({ base }: Stage): readonly BuildArg[] {
  if (base.kind === "stage") return [];
  return [...argsOf(base.image), ...(base.platform === undefined ? [] : argsOf(base.platform))];
}
