import { nearest } from "../../dockerfile/known-keys.ts";
import { at, inStages, type Hit, type Rule } from "../rule.ts";
import type { LintFile, LintLine, LintStage } from "../lint-file.ts";

/** Rules about stages, their names, and what they take from each other. */
export const STAGE_RULES: readonly Rule[] = [
  {
    code: "stage-name-casing",
    kind: "lint",
    severity: "warning",
    title: "A stage name with capitals",
    reason: "BuildKit compares stage names in small letters; a name with capitals looks like another one than it is.",
    remedy: "Write the name in small letters.",
    link: "https://docs.docker.com/reference/build-checks/stage-name-casing/",
    also: ["StageNameCasing"],
    bad: { text: "FROM ruby:3.4-slim-trixie AS Gems\n", line: 1 },
    good: "FROM ruby:3.4-slim-trixie AS gems\n",
    find: inStages(({ from }) => {
      const name = from.words[2];
      if (name === undefined || name.text === name.text.toLowerCase()) return undefined;
      return { ...at(from, name), message: `stage ${name.text} is known as ${name.text.toLowerCase()}` };
    }),
  },
  {
    code: "from-as-casing",
    kind: "lint",
    severity: "warning",
    title: "`FROM` and `as` in different cases",
    reason: "Keywords in one case are read at a glance as keywords.",
    remedy: "Write both in capitals: FROM … AS ….",
    link: "https://docs.docker.com/reference/build-checks/from-as-casing/",
    also: ["FromAsCasing"],
    bad: { text: "FROM ruby:3.4-slim-trixie as gems\n", line: 1 },
    good: "FROM ruby:3.4-slim-trixie AS gems\n",
    find: inStages(({ from }) => {
      const as = from.words[1];
      if (as === undefined || isUpper(as.text) === isUpper(from.keyword)) return undefined;
      return { ...at(from, as), message: `${as.text} beside ${from.keyword}` };
    }),
  },
  {
    code: "stage-name-reserved",
    kind: "graph",
    severity: "error",
    title: "A stage with a name that means something else",
    reason:
      "`scratch` is the empty image and `context` the build context: a stage of this name cannot be told from them.",
    remedy: "Choose another name.",
    link: "https://docs.docker.com/reference/build-checks/reserved-stage-name/",
    also: ["ReservedStageName", "DL3063"],
    bad: { text: "FROM ruby:3.4-slim-trixie AS context\n", line: 1 },
    good: "FROM ruby:3.4-slim-trixie AS gems\n",
    find: inStages(({ from }) =>
      from.name === "scratch" || from.name === "context"
        ? { ...at(from, from.words[2]), message: `a stage is named ${from.name}` }
        : undefined,
    ),
  },
  {
    code: "stage-name-duplicate",
    kind: "graph",
    severity: "error",
    title: "Two stages of one name",
    reason: "The later stage silently takes the name; what named the earlier one gets another image than it meant.",
    remedy: "Rename one of them.",
    link: "https://docs.docker.com/reference/build-checks/duplicate-stage-name/",
    also: ["DuplicateStageName", "DL3024"],
    bad: {
      text: "FROM ruby:3.4-slim-trixie AS gems\nFROM gems AS gems\n",
      line: 2,
    },
    good: "FROM ruby:3.4-slim-trixie AS base\nFROM base AS gems\n",
    find: inStages(({ from, index }, { stages }) => {
      const first = stages.slice(0, index).find(({ name }) => name !== undefined && name === from.name);
      if (first === undefined) return undefined;
      return { ...at(from, from.words[2]), message: `stage ${from.name ?? ""} is already in line ${first.from.line}` };
    }),
  },
  {
    code: "stage-unused",
    kind: "graph",
    severity: "info",
    title: "A stage that nothing needs",
    reason: "BuildKit leaves it out; whoever reads the file thinks it matters.",
    remedy: "Copy from it, build it with --target and say so here, or remove it.",
    link: "https://docs.docker.com/build/building/multi-stage/#differences-between-legacy-builder-and-buildkit",
    also: [],
    bad: { text: "FROM ruby:3.4-slim-trixie AS gems\nFROM ruby:3.4-slim-trixie AS app\n", line: 1 },
    good: "FROM ruby:3.4-slim-trixie AS gems\nFROM gems AS app\n",
    find: function* findUnused(file) {
      const used = usedStages(file);
      for (const stage of file.stages) {
        if (used.has(stage)) continue;
        yield { ...at(stage.from), message: `the last stage needs nothing of ${nameOf(stage)}` };
      }
    },
  },
  {
    code: "copy-from-itself",
    kind: "graph",
    severity: "error",
    title: "A stage that copies from itself",
    reason: "A stage is not finished while it is being built; BuildKit refuses the file.",
    remedy: "Copy from the stage that has the files, or use RUN cp.",
    link: "https://docs.docker.com/reference/dockerfile/#copy---from",
    also: ["DL3023"],
    bad: { text: "FROM ruby:3.4-slim-trixie AS app\nCOPY --from=app /etc/hostname /tmp/\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie AS gems\nFROM gems AS app\nCOPY --from=gems /etc/hostname /tmp/\n",
    find: inReferences(({ from, line, stage }) =>
      from === stage.name || from === String(stage.index)
        ? { ...line, message: `${nameOf(stage)} copies from itself` }
        : undefined,
    ),
  },
  {
    code: "copy-from-later-stage",
    kind: "graph",
    severity: "error",
    title: "A stage that copies from a later one",
    reason: "BuildKit knows only the stages above; it takes the name for an image and tries to pull it.",
    remedy: "Move the stage that is copied from above this one.",
    link: "https://docs.docker.com/reference/dockerfile/#copy---from",
    also: ["DL3022"],
    bad: {
      text: "FROM ruby:3.4-slim-trixie AS app\nCOPY --from=gems /etc/hostname /tmp/\nFROM app AS gems\n",
      line: 2,
    },
    good: "FROM ruby:3.4-slim-trixie AS gems\nFROM ruby:3.4-slim-trixie AS app\nCOPY --from=gems /etc/hostname /tmp/\n",
    find: inReferences(({ from, line, stage, file }) => {
      const later = file.stages.find((other) => other.name === from && other.index > stage.index);
      if (later === undefined || file.stages.some(({ name, index }) => name === from && index < stage.index)) {
        return undefined;
      }
      return { ...line, message: `stage ${from} begins only in line ${later.from.line}` };
    }),
  },
  {
    code: "copy-from-near-stage",
    kind: "graph",
    severity: "error",
    title: "A stage name that is nearly right",
    reason:
      "A name that is no stage is taken for an image: the build pulls a stranger's image, or fails with words about a registry.",
    remedy: "Write the stage's name; an image of this name needs a tag.",
    link: "https://docs.docker.com/reference/dockerfile/#copy---from",
    also: ["DL3022"],
    bad: {
      text: "FROM ruby:3.4-slim-trixie AS builder\nFROM builder AS app\nCOPY --from=buidler /etc/hostname /tmp/\n",
      line: 3,
    },
    good: "FROM ruby:3.4-slim-trixie AS builder\nFROM builder AS app\nCOPY --from=builder /etc/hostname /tmp/\n",
    find: inReferences(({ from, line, file }) => {
      const names = file.stages.flatMap(({ name }) => name ?? []);
      if (names.includes(from) || !/^[a-z][a-z0-9_-]*$/.test(from)) return undefined;
      const near = nearest(from, names);
      if (near === undefined) return undefined;
      return { ...line, message: `there is no stage ${from}`, hint: `Did you mean ${near}?` };
    }),
  },
];

interface Reference {
  /** In small letters. */
  readonly from: string;
  readonly line: { readonly line: number; readonly column: number };
  readonly stage: LintStage;
  readonly file: LintFile;
}

/** Looks at every `--from` of a COPY and every `from` of a mount. */
function inReferences(find: (reference: Reference) => Hit | undefined): Rule["find"] {
  return function* findInReferences(file) {
    for (const stage of file.stages) {
      for (const line of stage.lines) {
        for (const { from, point } of referencesOf(line)) {
          const hit = find({ from, line: point, stage, file });
          if (hit !== undefined) yield hit;
        }
      }
    }
  };
}

function referencesOf(line: LintLine): readonly { readonly from: string; readonly point: Reference["line"] }[] {
  return line.flags.flatMap((flag) => {
    const value = flag.name === "mount" ? /(?:^|,)from=([^,]+)/i.exec(flag.value ?? "")?.[1] : flag.value;
    if (value === undefined || !["from", "mount"].includes(flag.name)) return [];
    return [{ from: value.toLowerCase(), point: at(line, flag) }];
  });
}

function usedStages({ stages }: LintFile): ReadonlySet<LintStage> {
  const used = new Set(stages.filter(({ final }) => final));
  for (const stage of stages.toReversed()) {
    if (!used.has(stage)) continue;
    if (stage.base !== undefined) used.add(stage.base);
    for (const { from } of stage.lines.flatMap(referencesOf)) {
      const other = stages.slice(0, stage.index).findLast(({ name, index }) => name === from || String(index) === from);
      if (other !== undefined) used.add(other);
    }
  }
  return used;
}

function nameOf({ name, index }: LintStage): string {
  return name === undefined ? `the stage without a name (${index})` : `stage ${name}`;
}

function isUpper(text: string): boolean {
  return text === text.toUpperCase();
}
