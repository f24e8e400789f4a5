import type { FromInstruction, Instruction } from "../dockerfile/instruction.ts";

/** A stage as the file has it: what the rules of the graph look at, whether it was built or read. */
export interface StageView {
  readonly from: FromInstruction;
  readonly instructions: readonly Instruction[];
  /** The index of the stage it stands on; nothing where that is an image. */
  readonly base: number | undefined;
  /** The variables its ENV and ARG set. */
  readonly sets: ReadonlySet<string>;
  /** Whether a stage below it, or it itself, has a WORKDIR. */
  readonly hasWorkdir: boolean;
}

/** The stages of a file and the names of its global arguments. */
export interface FileView {
  readonly globals: ReadonlySet<string>;
  readonly stages: readonly StageView[];
  /** The stages of each name, in small letters. */
  readonly names: ReadonlyMap<string, readonly number[]>;
}

/** What a rule found, and where: a stage by its index, in it an instruction, or the FROM itself. */
export interface Spot {
  readonly stage: number;
  readonly instruction: number | undefined;
  readonly message: string;
}

/** The view of stages in the order of the file. */
export function viewOf(
  globals: readonly string[],
  given: readonly Pick<StageView, "from" | "instructions">[],
): FileView {
  const names = new Map<string, number[]>();
  const stages: StageView[] = [];
  for (const [index, { from, instructions }] of given.entries()) {
    const base = typeof from.image === "string" ? names.get(from.image.toLowerCase())?.at(-1) : undefined;
    const inherited = base !== undefined && stages[base]?.hasWorkdir === true;
    const hasWorkdir = inherited || instructions.some(({ instruction }) => instruction === "WORKDIR");
    stages.push({ from, instructions, base, sets: new Set(instructions.flatMap(namesSetBy)), hasWorkdir });
    if (from.name === undefined) continue;
    const name = from.name.toLowerCase();
    const same = names.get(name);
    if (same === undefined) names.set(name, [index]);
    else same.push(index);
  }
  return { globals: new Set(globals), stages, names };
}

/** The earlier stage that a name means; the last of that name, as BuildKit has it. */
export function stageNamed(view: FileView, name: string, before: number): number | undefined {
  return view.names.get(name.toLowerCase())?.findLast((index) => index < before);
}

/** The stages a stage stands on, the nearest first. */
export function* stagesBelow(view: FileView, stage: number): Generator<StageView> {
  let base = view.stages[stage]?.base;
  while (base !== undefined) {
    const below: StageView | undefined = view.stages[base];
    if (below === undefined) return;
    yield below;
    base = below.base;
  }
}

/** How a stage is called in messages. */
export function stageLabel(view: FileView, stage: number): string {
  return `stage ${view.stages[stage]?.from.name ?? stage}`;
}

/** The variables that an instruction sets. */
export function namesSetBy(instruction: Instruction): readonly string[] {
  if (instruction.instruction === "ARG") return instruction.args.map(({ name }) => name);
  if (instruction.instruction !== "ENV") return NO_NAMES;
  return instruction.pairs.flatMap(({ key }) => (typeof key === "string" ? [key] : []));
}

const NO_NAMES: readonly string[] = [];
