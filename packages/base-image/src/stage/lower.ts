import type { Comment } from "../dockerfile/file.ts";
import { declaration, type FromInstruction, type Instruction } from "../dockerfile/instruction.ts";
import { argsOf, type BuildArg } from "../dockerfile/text.ts";
import { PLATFORM_ARGS } from "./predefined-args.ts";
import type { Stage } from "./stage.ts";

/** The build arguments that FROMs use, by their names: their ARGs stand before the first FROM. */
export function globalArgs(stages: readonly Stage[]): ReadonlyMap<string, BuildArg> {
  const used = stages.flatMap(argsOfBase);
  return new Map(used.filter(({ name }) => !PLATFORM_ARGS.has(name)).map((arg) => [arg.name, arg]));
}

/** The build arguments of a stage: of its FROM, and of its instructions. */
export function argsOfStage(stage: Stage): readonly BuildArg[] {
  const used = [...argsOfBase(stage)];
  for (const { args } of stage.steps) used.push(...args);
  return used;
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
  // a trigger runs in another build, which knows nothing of the arguments of this one
  const inChild = new Set<string>();
  const entries: (Instruction | Comment)[] = [];
  for (const { instruction, args } of stage.steps) {
    if (instruction.instruction === "ARG") for (const { name } of instruction.args) declared.add(name);
    if (instruction.instruction === "ONBUILD" && instruction.trigger.instruction === "ARG") {
      for (const { name } of instruction.trigger.args) inChild.add(name);
    }
    const forChild = instruction.instruction === "ONBUILD";
    const names = forChild ? inChild : declared;
    for (const arg of args) {
      if (names.has(arg.name)) continue;
      names.add(arg.name);
      const line = declaration(arg, !forChild && globals.has(arg.name));
      entries.push(forChild ? { instruction: "ONBUILD", trigger: line } : line);
    }
    entries.push(instruction);
  }
  return entries;
}

/** The same without the comments. */
export function instructionsOf(stage: Stage, globals: ReadonlyMap<string, BuildArg>): readonly Instruction[] {
  return entriesOf(stage, globals).filter((entry) => entry.instruction !== "COMMENT");
}

function argsOfBase({ base }: Stage): readonly BuildArg[] {
  if (base.kind === "stage") return [];
  return [...argsOf(base.image), ...(base.platform === undefined ? [] : argsOf(base.platform))];
}
