import type { ArgInstruction, FromInstruction, Instruction } from "../dockerfile/instruction.ts";
import { partsOf, type Text } from "../dockerfile/text.ts";
import { officialImage, type OfficialImage } from "./official-images.ts";
import { referencesIn, type Reference } from "./references.ts";

/** A stage as the file has it: what the rules of the graph look at, whether it was built or read. */
export interface StageView {
  readonly from: FromInstruction;
  readonly instructions: readonly Instruction[];
  /** The line its FROM stands in, where that is known. */
  readonly line: number | undefined;
  /** The index of the stage it stands on; nothing where that is an image. */
  readonly base: number | undefined;
  /** The image it stands on, the defaults of build arguments put in; nothing where one has none, or for a stage. */
  readonly image: string | undefined;
  /** The image at the bottom, of the stages it stands on too. */
  readonly root: string | undefined;
  /** What is known of that image. */
  readonly official: OfficialImage | undefined;
  /** The variables its ENV and ARG set. */
  readonly sets: ReadonlySet<string>;
  readonly references: readonly Reference[];
  /** Whether a stage below it, or it itself, has a WORKDIR. */
  readonly hasWorkdir: boolean;
}

/** The stages of a file, its global arguments with their defaults, and the stages that are built. */
export interface FileView {
  readonly globals: ReadonlyMap<string, string | undefined>;
  readonly stages: readonly StageView[];
  /** The stages of each name, in small letters, in the order of the file. */
  readonly names: ReadonlyMap<string, readonly number[]>;
  readonly targets: ReadonlySet<number>;
}

/** What a view is made of. */
export type GivenStage = Pick<StageView, "from" | "instructions"> & { readonly line?: number };

/** The view of stages in the order of the file; by default the last one is built. */
export function viewOf(
  args: ArgInstruction["args"],
  given: readonly GivenStage[],
  targets: readonly number[] = [given.length - 1],
): FileView {
  const globals = defaultsOf(args);
  const names = new Map<string, number[]>();
  const stages: StageView[] = [];
  for (const [index, stage] of given.entries()) {
    const { name, image } = stage.from;
    const base = typeof image === "string" ? names.get(image.toLowerCase())?.at(-1) : undefined;
    stages.push(stageView(stage, base, stages, globals));
    if (name === undefined) continue;
    const same = names.get(name.toLowerCase());
    if (same === undefined) names.set(name.toLowerCase(), [index]);
    else same.push(index);
  }
  return { globals, stages, names, targets: new Set(targets) };
}

function stageView(
  { from, instructions, line }: GivenStage,
  base: number | undefined,
  stages: readonly StageView[],
  globals: FileView["globals"],
): StageView {
  const below = base === undefined ? undefined : stages[base];
  const image = below === undefined ? withDefaults(from.image, globals) : undefined;
  return {
    from,
    instructions,
    line,
    base,
    image,
    root: below === undefined ? image : below.root,
    official: below === undefined ? officialImage(image ?? "") : below.official,
    sets: new Set(instructions.flatMap(namesSetBy)),
    references: referencesIn(instructions),
    hasWorkdir: below?.hasWorkdir === true || instructions.some(({ instruction }) => instruction === "WORKDIR"),
  };
}

/** The earlier stage that a name or a number means; the last of that name, as BuildKit has it. */
export function stageBefore(view: FileView, reference: string, before: number): number | undefined {
  const named = lastBelow(view.names.get(reference.toLowerCase()) ?? [], before);
  if (named !== undefined || !/^\d+$/.test(reference)) return named;
  return Number(reference) < before ? Number(reference) : undefined;
}

/** How a stage is called in messages. */
export function stageLabel(view: FileView, stage: number): string {
  return `stage ${view.stages[stage]?.from.name ?? stage}`;
}

const NO_NAMES: readonly string[] = [];

/** The variables that an instruction sets. */
export function namesSetBy(instruction: Instruction): readonly string[] {
  if (instruction.instruction === "ARG") return instruction.args.map(({ name }) => name);
  if (instruction.instruction !== "ENV") return NO_NAMES;
  return instruction.pairs.flatMap(({ key }) => (typeof key === "string" ? [key] : []));
}

function defaultsOf(args: ArgInstruction["args"]): ReadonlyMap<string, string | undefined> {
  const globals = new Map<string, string | undefined>();
  for (const { name, value } of args) {
    globals.set(name, value === undefined ? undefined : withDefaults(value, globals));
  }
  return globals;
}

/** Text with the variables that have a default put in; nothing where one has none. */
function withDefaults(text: Text, values: ReadonlyMap<string, string | undefined>): string | undefined {
  const parts = partsOf(text).map((part) => {
    if (typeof part === "string") return part;
    const { operator, word } = part.modifier ?? {};
    const value = values.get(part.name);
    if (operator === undefined) return value;
    return operator.endsWith("-") && word !== undefined ? value || withDefaults(word, values) : undefined;
  });
  return parts.includes(undefined) ? undefined : parts.join("");
}

/** The last of ascending numbers that is below another one. */
function lastBelow(ascending: readonly number[], limit: number): number | undefined {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return ascending[low - 1];
}
