import { textsOf, type Instruction } from "../dockerfile/instruction.ts";
import { nearNames } from "../dockerfile/near-names.ts";
import { variablesOf, type Text, type Variable, type BuildArg } from "../dockerfile/text.ts";
import { ALWAYS_THERE, PLATFORM_ARGS } from "./predefined-args.ts";
import { namesSetBy, type FileView, type StageView } from "./stage-view.ts";

/** A variable that an instruction expands to nothing, and why. */
export interface EmptyUse {
  readonly stage: number;
  readonly instruction: number;
  readonly name: string;
  /** Set by the same ENV, later in the stage, only outside of the stage, under a near name, or nowhere. */
  readonly set: "here" | "later" | "outside" | "near" | "nowhere";
  /** The near name. */
  readonly near?: string;
}

const KNOWN = new WeakMap<FileView, readonly EmptyUse[]>();

/**
 * The variables that expand to nothing. A base image may set any variable, so that one which nothing sets counts only on
 * `scratch`.
 */
export function emptyUses(view: FileView): readonly EmptyUse[] {
  const known = KNOWN.get(view) ?? [...findEmptyUses(view)].toSorted((a, b) => a.stage - b.stage);
  KNOWN.set(view, known);
  return known;
}

/** The variables of a text that do not say what to do where they are not set. */
export function unguarded(text: Text): readonly (BuildArg | Variable)[] {
  return variablesOf(text).filter(({ modifier }) => modifier === undefined || !/^:?[-+?]$/.test(modifier.operator));
}

function* findEmptyUses(view: FileView): Iterable<EmptyUse> {
  const near = nearNames(view.stages.flatMap(({ sets }) => [...sets]));
  const set = new SetNames();
  for (const { stage, leaves } of inTreeOrder(view)) {
    const each = view.stages[stage];
    if (each === undefined) continue;
    for (const [instruction, line] of each.instructions.entries()) {
      const names = namesSetBy(line);
      if (leaves) {
        for (const name of names) set.remove(name);
        continue;
      }
      for (const use of usesIn(line)) {
        if (ALWAYS_THERE.has(use.name) || set.has(use.name)) continue;
        const nearName = near(use.name, (name) => name[0] === use.name[0] && set.has(name));
        const found = whereSet(use, each, view, nearName);
        if (found !== undefined) yield { stage, instruction, name: use.name, ...found };
      }
      for (const name of names) set.add(name);
    }
  }
}

/** The names that a stage and those below it have set so far, in time that does not grow with how many these are. */
class SetNames {
  readonly #times = new Map<string, number>();

  has(name: string): boolean {
    return (this.#times.get(name) ?? 0) > 0;
  }

  add(name: string): void {
    this.#times.set(name, (this.#times.get(name) ?? 0) + 1);
  }

  remove(name: string): void {
    this.#times.set(name, (this.#times.get(name) ?? 0) - 1);
  }
}

/** Every stage twice: before the stages that stand on it, and after them. */
function* inTreeOrder({ stages }: FileView): Iterable<{ readonly stage: number; readonly leaves: boolean }> {
  const children = Map.groupBy(stages.keys(), (stage) => stages[stage]?.base);
  const open = (children.get(undefined) ?? []).toReversed().map((stage) => ({ stage, leaves: false }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    if (next.leaves) continue;
    open.push({ stage: next.stage, leaves: true });
    for (const stage of (children.get(next.stage) ?? []).toReversed()) open.push({ stage, leaves: false });
  }
}

function whereSet(
  { name, beside, own }: Use,
  { sets, official, root }: StageView,
  { globals }: FileView,
  near: string | undefined,
): Pick<EmptyUse, "set" | "near"> | undefined {
  if (beside) return { set: "here" };
  // official images set RUBY_VERSION, NODE_VERSION and the like themselves
  if (name.endsWith("_VERSION") && official !== undefined) return undefined;
  if (sets.has(name) && !own) return { set: "later" };
  if (globals.has(name) || PLATFORM_ARGS.has(name)) return { set: "outside" };
  if (own) return undefined;
  if (near !== undefined) return { set: "near", near };
  return root === "scratch" ? { set: "nowhere" } : undefined;
}

interface Use {
  readonly name: string;
  /** In the value of the very variable. */
  readonly own: boolean;
  /** Set by another pair of the same ENV. */
  readonly beside: boolean;
}

function usesIn(instruction: Instruction): readonly Use[] {
  if (instruction.instruction === "ONBUILD") return [];
  if (!("args" in instruction) && instruction.instruction !== "ENV") {
    return namesIn(textsOf(instruction)).map((name) => ({ name, own: false, beside: false }));
  }
  const pairs: readonly { readonly key: Text; readonly value?: Text }[] =
    "args" in instruction ? instruction.args.map(({ name, ...rest }) => ({ key: name, ...rest })) : instruction.pairs;
  // an ARG with several names sets one after the other
  const set = new Set(instruction.instruction === "ENV" ? namesSetBy(instruction) : []);
  return pairs.flatMap(({ key, value }) =>
    namesIn(value === undefined ? [] : [value]).map((name) => {
      return { name, own: name === key, beside: name !== key && set.has(name) };
    }),
  );
}

function namesIn(texts: readonly Text[]): readonly string[] {
  const names: string[] = [];
  for (const text of texts) {
    if (typeof text === "string") continue;
    for (const { name } of unguarded(text)) names.push(name);
  }
  return names;
}
