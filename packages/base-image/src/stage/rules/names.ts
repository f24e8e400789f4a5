import type { GraphRule, Spot } from "../graph-rule.ts";
import { stageBefore, type FileView } from "../stage-view.ts";

const RESERVED = new Set(["scratch", "context"]);

/** Rules about the names of stages, and stages that nothing needs. */
export const NAME_RULES: readonly GraphRule[] = [
  {
    code: "stage-name-reserved",
    refusal: "BASE_IMAGE_STAGE_RESERVED",
    severity: "error",
    title: "A stage with a name that means something else",
    reason:
      "`scratch` is the empty image and `context` the build context: a stage of this name cannot be told from them.",
    remedy: "Choose another name.",
    link: "https://docs.docker.com/reference/build-checks/reserved-stage-name/",
    also: ["ReservedStageName", "DL3063"],
    bad: { text: "FROM ruby:3.4-slim-trixie AS context\n", line: 1 },
    good: "FROM ruby:3.4-slim-trixie AS gems\n",
    find: (view) =>
      named(view, (name) => (RESERVED.has(name) ? `a stage is named ${JSON.stringify(name)}` : undefined)),
  },
  {
    code: "stage-name-duplicate",
    refusal: "BASE_IMAGE_STAGE_DUPLICATE",
    severity: "error",
    title: "Two stages of one name",
    reason: "The later stage silently takes the name; what named the earlier one gets another image than it meant.",
    remedy: "Rename one of them.",
    link: "https://docs.docker.com/reference/build-checks/duplicate-stage-name/",
    also: ["DuplicateStageName", "DL3024"],
    bad: { text: "FROM ruby:3.4-slim-trixie AS gems\nFROM gems AS gems\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie AS base\nFROM base AS gems\n",
    find: (view) =>
      named(view, (name, index) => {
        const [first = index] = view.names.get(name) ?? [];
        if (first === index) return undefined;
        const line = view.stages[first]?.line;
        return `two stages are named ${JSON.stringify(name)}${line === undefined ? "" : `; the other is in line ${line}`}`;
      }),
  },
  {
    code: "stage-unused",
    severity: "info",
    title: "A stage that nothing needs",
    reason: "BuildKit leaves it out; whoever reads the file thinks it matters.",
    remedy: "Copy from it, build it with --target or as a variant, or remove it.",
    link: "https://docs.docker.com/build/building/multi-stage/#differences-between-legacy-builder-and-buildkit",
    also: [],
    bad: { text: "FROM ruby:3.4-slim-trixie AS gems\nFROM ruby:3.4-slim-trixie AS app\n", line: 1 },
    good: "FROM ruby:3.4-slim-trixie AS gems\nFROM gems AS app\n",
    find: function* findUnused(view) {
      const used = usedStages(view);
      for (const [stage, { from }] of view.stages.entries()) {
        if (used.has(stage)) continue;
        const name = from.name === undefined ? `the stage without a name (${stage})` : `stage ${from.name}`;
        yield { stage, message: `nothing that is built needs ${name}` };
      }
    },
  },
];

/** Looks at every name, in small letters. */
function* named(view: FileView, say: (name: string, index: number) => string | undefined): Iterable<Spot> {
  for (const [stage, { from }] of view.stages.entries()) {
    const message = from.name === undefined ? undefined : say(from.name.toLowerCase(), stage);
    if (message !== undefined) yield { stage, part: { is: "name" }, message };
  }
}

function usedStages(view: FileView): ReadonlySet<number> {
  const used = new Set(view.targets);
  for (let stage = view.stages.length - 1; stage >= 0; stage -= 1) {
    const each = view.stages[stage];
    if (!used.has(stage) || each === undefined) continue;
    if (each.base !== undefined) used.add(each.base);
    for (const { from } of each.references) {
      const other = stageBefore(view, from, stage);
      if (other !== undefined) used.add(other);
    }
  }
  return used;
}
