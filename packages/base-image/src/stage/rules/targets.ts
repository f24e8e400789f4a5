import type { AddInstruction, CopyInstruction } from "../../dockerfile/instruction.ts";
import { partsOf } from "../../dockerfile/text.ts";
import type { GraphRule, Spot } from "../graph-rule.ts";
import type { FileView, StageView } from "../stage-view.ts";

/** Rules about the target of a COPY or ADD. */
export const TARGET_RULES: readonly GraphRule[] = [
  {
    code: "copy-several-without-slash",
    refusal: "BASE_IMAGE_COPY_TARGET",
    severity: "error",
    title: "Several sources and a target that is no folder",
    reason: "With more than one source the target has to be a folder, and BuildKit refuses one without the slash.",
    remedy: "End the target with a slash.",
    link: "https://docs.docker.com/reference/dockerfile/#destination",
    also: ["DL3021"],
    bad: { text: "FROM ruby:3.4-slim-trixie\nCOPY Gemfile Gemfile.lock /app\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nCOPY Gemfile Gemfile.lock /app/\n",
    find: (view) => targets(view, severalSources),
  },
  {
    code: "copy-relative-without-workdir",
    severity: "warning",
    title: "A relative target without WORKDIR",
    reason: "The base stands in /: the files land beside /etc and /usr.",
    remedy: "Set WORKDIR before, or write the whole path.",
    link: "https://docs.docker.com/reference/dockerfile/#destination",
    also: ["DL3045"],
    bad: { text: "FROM ruby:3.4-slim-trixie\nCOPY config.ru app/\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nWORKDIR /app\nCOPY config.ru ./\n",
    find: (view) => targets(view, relativeTarget),
  },
];

/** Looks at every COPY and ADD; `hasWorkdir` is whether a WORKDIR stands before it. */
function* targets(
  view: FileView,
  find: (copy: CopyInstruction | AddInstruction, stage: StageView, hasWorkdir: boolean) => string | undefined,
): Iterable<Spot> {
  for (const [stage, each] of view.stages.entries()) {
    let hasWorkdir = each.base !== undefined && view.stages[each.base]?.hasWorkdir === true;
    for (const [instruction, copy] of each.instructions.entries()) {
      if (copy.instruction === "WORKDIR") hasWorkdir = true;
      if (copy.instruction !== "COPY" && copy.instruction !== "ADD") continue;
      const message = find(copy, each, hasWorkdir);
      if (message !== undefined) yield { stage, instruction, part: { is: "target" }, message };
    }
  }
}

function severalSources({
  instruction,
  sources,
  files = [],
  target,
}: CopyInstruction | AddInstruction): string | undefined {
  const count = sources.length + files.length;
  const last = partsOf(target).at(-1);
  // a variable may end in a slash
  if (count < 2 || typeof last !== "string" || /(?:^|\/)\.{0,2}$/.test(last)) return undefined;
  return `${instruction} has ${count} sources and the target ${JSON.stringify(last)}; expected a folder, with a slash at its end`;
}

/** What a base that is no official image has for a working directory, nobody knows. */
function relativeTarget(
  { instruction, target }: CopyInstruction | AddInstruction,
  { official }: StageView,
  hasWorkdir: boolean,
): string | undefined {
  const [start = ""] = partsOf(target);
  if (hasWorkdir || official === undefined || typeof start !== "string") return undefined;
  if (/^(?:[/~]|[a-z]:)/i.test(start)) return undefined;
  return `${instruction} has the relative target ${JSON.stringify(start)}, which is a path in /`;
}
