import type { Rule } from "../rule.ts";

const LINK = "https://docs.docker.com/build/checks/#skip-checks";

/** What is wrong with suppressions. They are found when the findings of the other rules are known. */
export const IGNORE_RULES: readonly Rule[] = [
  {
    code: "ignore-without-reason",
    kind: "lint",
    severity: "warning",
    title: "A suppression without a reason",
    reason: "Whoever reads it next cannot tell whether it still holds.",
    remedy: "Write the reason behind the code: # base-image: ignore=CODE because ….",
    link: LINK,
    also: [],
    bad: { text: "# base-image: ignore=base-untagged\nFROM ruby\n", line: 1 },
    good: "# base-image: ignore=base-untagged the example of the tutorial\nFROM ruby\n",
    find: () => [],
  },
  {
    code: "ignore-unknown",
    kind: "lint",
    severity: "error",
    title: "A suppression of a rule that there is not",
    reason: "It suppresses nothing; what it was written for is reported again.",
    remedy: "Write the code as it is printed with the finding.",
    link: LINK,
    also: [],
    bad: { text: "# base-image: ignore=base-untaged the tutorial\nFROM ruby:3.4-slim-trixie\n", line: 1 },
    good: "# base-image: ignore=base-untagged the tutorial\nFROM ruby\n",
    find: () => [],
  },
  {
    code: "ignore-unused",
    kind: "lint",
    severity: "info",
    title: "A suppression that is not needed",
    reason: "What it was written for is gone; left where it is, it hides the next one.",
    remedy: "Remove the comment, or the code from it.",
    link: LINK,
    also: [],
    bad: { text: "# base-image: ignore=base-untagged the tutorial\nFROM ruby:3.4-slim-trixie\n", line: 1 },
    good: "FROM ruby:3.4-slim-trixie\n",
    find: () => [],
  },
];
