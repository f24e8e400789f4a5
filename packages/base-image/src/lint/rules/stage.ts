import { at, inStages, type Rule } from "../rule.ts";

/** Rules about how stages are written. */
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
];

function isUpper(text: string): boolean {
  return text === text.toUpperCase();
}
