import { nearNames } from "../../dockerfile/near-names.ts";
import { didYouMean, type GraphRule, type Spot } from "../graph-rule.ts";
import { PLATFORM_ARGS } from "../predefined-args.ts";
import type { FileView } from "../stage-view.ts";
import { emptyUses, unguarded, type EmptyUse } from "../variable-uses.ts";

/** Rules about variables that expand to nothing. */
export const EMPTY_VARIABLE_RULES: readonly GraphRule[] = [
  {
    code: "from-arg-undeclared",
    refusal: "BASE_IMAGE_ARG_NOT_GLOBAL",
    severity: "error",
    title: "FROM uses an argument that is not declared before it",
    reason: "FROM sees only the ARGs above the first FROM; any other name is empty there.",
    remedy: "Declare it with ARG before the first FROM.",
    link: "https://docs.docker.com/reference/build-checks/undefined-arg-in-from/",
    also: ["UndefinedArgInFrom"],
    bad: { text: "ARG VARIANT=slim-trixie\nFROM ruby:3.4-$VARIAMT\n", line: 2 },
    good: "ARG VARIANT=slim-trixie\nFROM ruby:3.4-$VARIANT\n",
    find: undeclaredInFrom,
  },
  {
    code: "variable-undeclared-in-stage",
    severity: "warning",
    title: "An argument that is not declared in this stage",
    reason:
      "An ARG before the first FROM, or one BuildKit sets itself, is empty in a stage that does not declare it again.",
    remedy: "Add `ARG NAME` to the stage, above the instruction that uses it.",
    link: "https://docs.docker.com/reference/dockerfile/#scope",
    also: ["UndefinedVar"],
    bad: { text: "ARG APP_HOME=/app\nFROM ruby:3.4-slim-trixie\nWORKDIR $APP_HOME\n", line: 3 },
    good: "ARG APP_HOME=/app\nFROM ruby:3.4-slim-trixie\nARG APP_HOME\nWORKDIR $APP_HOME\n",
    find: uses(["outside"], ({ name }) => ({ message: `${name} is empty in this stage` })),
  },
  {
    code: "variable-misspelt",
    severity: "warning",
    title: "A variable whose name is nearly right",
    reason: "A name that nobody has set expands to nothing, without a word.",
    remedy: "Write the name as it is declared.",
    link: "https://docs.docker.com/reference/build-checks/undefined-var/",
    also: ["UndefinedVar"],
    bad: { text: "FROM ruby:3.4-slim-trixie\nENV APP_HOME=/app\nWORKDIR $APP_HOEM\n", line: 3 },
    good: "FROM ruby:3.4-slim-trixie\nENV APP_HOME=/app\nWORKDIR $APP_HOME\n",
    find: uses(["near"], ({ name, near }) => ({ message: `nothing sets ${name}`, ...didYouMean(near) })),
  },
  {
    code: "variable-unset",
    severity: "warning",
    title: "A variable that is used before it is set",
    reason:
      "BuildKit puts nothing in the place of a variable that is not set, and looks only at what stands above the instruction.",
    remedy: "Set it in an ENV or ARG above the instruction.",
    link: "https://docs.docker.com/reference/dockerfile/#environment-replacement",
    also: ["UndefinedVar"],
    bad: { text: "FROM ruby:3.4-slim-trixie\nWORKDIR $APP_HOME\nENV APP_HOME=/app\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nENV APP_HOME=/app\nWORKDIR $APP_HOME\n",
    find: uses(["later", "nowhere"], ({ name, set }) => ({
      message: set === "later" ? `${name} is used before it is set` : `nothing sets ${name}`,
    })),
  },
  {
    code: "env-self-reference",
    severity: "error",
    title: "ENV uses what the same ENV sets",
    reason: "All values of one ENV are expanded before any of them is set: the name is empty, or has its old value.",
    remedy: "Set it in an ENV of its own, above.",
    link: "https://docs.docker.com/reference/dockerfile/#environment-replacement",
    also: ["DL3044"],
    bad: { text: "FROM ruby:3.4-slim-trixie\nENV APP_HOME=/app LOGS=$APP_HOME/log\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nENV APP_HOME=/app\nENV LOGS=$APP_HOME/log\n",
    find: uses(["here"], ({ name }) => ({ message: `${name} has no value yet in the instruction that sets it` })),
  },
];

function* undeclaredInFrom(view: FileView): Iterable<Spot> {
  const near = nearNames([...view.globals.keys(), ...PLATFORM_ARGS]);
  for (const [stage, { from }] of view.stages.entries()) {
    const used = [from.image, ...(from.platform === undefined ? [] : [from.platform])].flatMap(unguarded);
    for (const { name } of used) {
      if (view.globals.has(name) || PLATFORM_ARGS.has(name)) continue;
      const message = `${name} is not declared before the first FROM`;
      yield { stage, part: { is: "image" }, message, ...didYouMean(near(name)) };
    }
  }
}

function uses(
  kinds: readonly EmptyUse["set"][],
  say: (use: EmptyUse) => Pick<Spot, "message" | "hint">,
): GraphRule["find"] {
  return function* findUses(view) {
    for (const use of emptyUses(view)) {
      if (!kinds.includes(use.set)) continue;
      const { stage, instruction, name } = use;
      yield { stage, instruction, part: { is: "variable", name }, ...say(use) };
    }
  };
}
