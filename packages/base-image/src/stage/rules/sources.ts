import { nearNames } from "../../dockerfile/near-names.ts";
import { didYouMean, type GraphRule, type Spot } from "../graph-rule.ts";
import { stageBefore, stageLabel, type FileView } from "../stage-view.ts";

/** Rules about what stages take from each other. */
export const SOURCE_RULES: readonly GraphRule[] = [
  {
    code: "copy-from-itself",
    severity: "error",
    title: "A stage that copies from itself",
    reason: "A stage is not finished while it is being built; BuildKit refuses the file.",
    remedy: "Copy from the stage that has the files, or use RUN cp.",
    link: "https://docs.docker.com/reference/dockerfile/#copy---from",
    also: ["DL3023"],
    bad: { text: "FROM ruby:3.4-slim-trixie AS app\nCOPY --from=app /etc/hostname /tmp/\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie AS gems\nFROM gems AS app\nCOPY --from=gems /etc/hostname /tmp/\n",
    find: (view) =>
      referenced(view, (from, stage) =>
        isStage(view, from, stage) ? { message: `${stageLabel(view, stage)} copies from itself` } : undefined,
      ),
  },
  {
    code: "copy-from-later-stage",
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
    find: (view) =>
      referenced(view, (from, stage) => {
        const numbered = /^\d+$/.test(from) ? Number(from) : -1;
        const later = view.names.get(from)?.at(-1) ?? numbered;
        if (later >= view.stages.length)
          return { message: `there is no stage ${from}; the last is ${view.stages.length - 1}` };
        if (later <= stage || stageBefore(view, from, stage + 1) !== undefined) return undefined;
        const line = view.stages[later]?.line;
        return { message: `stage ${from} begins only ${line === undefined ? "later" : `in line ${line}`}` };
      }),
  },
  {
    code: "copy-from-near-stage",
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
    find: (view) => {
      const near = nearNames(view.names.keys());
      return referenced(view, (from) => {
        if (view.names.has(from) || !/^[a-z][a-z0-9_-]*$/.test(from)) return undefined;
        const name = near(from);
        return name === undefined ? undefined : { message: `there is no stage ${from}`, ...didYouMean(name) };
      });
    },
  },
];

/** Looks at every reference, in small letters. */
function* referenced(
  view: FileView,
  find: (from: string, stage: number) => Pick<Spot, "message" | "hint"> | undefined,
): Iterable<Spot> {
  for (const [stage, { references }] of view.stages.entries()) {
    for (const { from, instruction } of references) {
      const found = find(from.toLowerCase(), stage);
      if (found !== undefined) yield { stage, instruction, part: { is: "source", from }, ...found };
    }
  }
}

/** Whether a name or a number means this stage, and no earlier one. */
function isStage(view: FileView, from: string, stage: number): boolean {
  return stageBefore(view, from, stage + 1) === stage;
}
