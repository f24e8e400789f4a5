import type { Span } from "../dockerfile/parse/parsed.ts";
import type { GraphRule, Part, Spot } from "../stage/graph-rule.ts";
import type { LintFile, LintLine, LintStage } from "./lint-file.ts";
import { at, type Hit, type Rule } from "./rule.ts";
import { usesIn } from "./variables.ts";

/** The rules of the graph as rules of a file: what they find is said where it stands. */
export function inFiles(rules: readonly GraphRule[]): readonly Rule[] {
  return rules.map((rule) => ({
    ...rule,
    kind: "graph",
    find: function* findInFile(file) {
      for (const spot of rule.find(file.view)) yield* hitOf(spot, file);
    },
  }));
}

function hitOf({ stage, instruction, part, message, hint }: Spot, { stages }: LintFile): readonly Hit[] {
  const of = stages[stage];
  if (of === undefined) return [];
  const line = instruction === undefined ? undefined : of.lines[instruction];
  const point = line === undefined ? at(of.from, spanInFrom(of, part)) : at(line, spanOf(line, part));
  return [{ ...point, message, ...(hint === undefined ? {} : { hint }) }];
}

function spanInFrom({ from }: LintStage, part: Part | undefined): Span | undefined {
  if (part?.is === "image") return from.words[0];
  return part?.is === "name" ? from.words[2] : undefined;
}

function spanOf(line: LintLine, part: Part | undefined): Span | undefined {
  if (part?.is === "target") return line.words.at(-1);
  if (part?.is === "variable") return usesIn(line).find(({ name }) => name === part.name);
  if (part?.is !== "source") return undefined;
  return line.flags.find(({ name, value }) => {
    if (name === "from") return value === part.from;
    return name === "mount" && value?.includes(`from=${part.from}`) === true;
  });
}
