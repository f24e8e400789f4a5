import { textsOf, type Instruction } from "../dockerfile/instruction.ts";
import { variablesOf, type Text } from "../dockerfile/text.ts";
import { namesSetBy, stageLabel, stagesBelow, type FileView, type Spot } from "./stage-view.ts";

/** Arguments that are there without an ARG. @see https://docs.docker.com/reference/dockerfile/#predefined-args */
const PREDEFINED = /^(?:https?|ftp|no|all)_proxy$/i;

/**
 * Variables that an instruction expands before they are set. A base image may set any variable, so on one only those count
 * which the stage itself sets later; on `scratch` every one that nothing has set.
 */
export function unsetVariables(view: FileView, stage: number): readonly Spot[] {
  const { instructions = [], sets = new Set() } = view.stages[stage] ?? {};
  const set = new Set<string>();
  const spots: Spot[] = [];
  for (const [instruction, each] of instructions.entries()) {
    for (const name of namesUsedBy(each)) {
      if (set.has(name) || PREDEFINED.test(name)) continue;
      if (!sets.has(name) && rootOf(view, stage) !== "scratch") continue;
      if (isSetBelow(view, stage, name)) continue;
      const message = `${stageLabel(view, stage)}: ${each.instruction} uses ${name} before it is set`;
      spots.push({ stage, instruction, message });
    }
    for (const name of namesSetBy(each)) set.add(name);
  }
  return spots;
}

function isSetBelow(view: FileView, stage: number, name: string): boolean {
  for (const { sets } of stagesBelow(view, stage)) if (sets.has(name)) return true;
  return false;
}

function rootOf(view: FileView, stage: number): Text | undefined {
  let root = view.stages[stage]?.from.image;
  for (const { from } of stagesBelow(view, stage)) root = from.image;
  return root;
}

/** The variables it expands, without those that say what to do when they are not set, or that add to their own value. */
function namesUsedBy(instruction: Instruction): readonly string[] {
  if (instruction.instruction === "ONBUILD") return [];
  if (instruction.instruction === "ENV") {
    return instruction.pairs.flatMap(({ key, value }) => namesIn([value]).filter((name) => name !== key));
  }
  return namesIn(textsOf(instruction));
}

function namesIn(texts: readonly Text[]): readonly string[] {
  const names: string[] = [];
  for (const text of texts) {
    for (const { name, modifier } of variablesOf(text)) {
      if (modifier === undefined || !/^:?[-+?]$/.test(modifier.operator)) names.push(name);
    }
  }
  return names;
}
