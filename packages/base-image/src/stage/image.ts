import { BaseImageError } from "../errors.ts";
import { assertKnownKeys, nearest } from "../dockerfile/known-keys.ts";
import {
  assertKind,
  assertRecord,
  assertShape,
  listOf,
  matching,
  optional,
  WORDS,
  type ValueKind,
} from "../dockerfile/value-kind.ts";
import { BUDGET, readBudget, type Budget, type BudgetInput } from "./budget.ts";
import { STAGE } from "./check-call.ts";
import { FRONTEND, SYNTAX, type Frontend } from "./fit.ts";
import type { Pins } from "./pins.ts";
import type { Stage } from "./stage.ts";

/** What {@link defineImage} takes. */
export interface ImageInput {
  /** Names the image in tags and messages. */
  readonly name: string;
  /** Every stage of the Dockerfile, in the order they are to stand there. */
  readonly stages: readonly Stage[];
  /** The stages that can be built, by the name `--variant` takes; the first is the default. Default: the last stage. */
  readonly variants?: Readonly<Record<string, Stage>>;
  /** The folder COPY takes files from, relative to the definition file; without it the context is empty. */
  readonly context?: string;
  /** Packages whose program is put into the context under {@link PROGRAMS_PATH}, ready to copy to /usr/local. */
  readonly programs?: readonly string[];
  /** Who is to read the Dockerfile. Default: `"buildkit"`. */
  readonly frontend?: Frontend;
  /** The frontend that `# syntax=` names; without it there is no such line, and the engine's own reads the file. */
  readonly syntax?: string;
  /** What `base-image check` is not to report. */
  readonly lint?: LintInput;
  /** Where `base-image publish` puts it: `registry.example.com/team/ruby-node`. Default: `name`. */
  readonly repository?: string;
  /** What each variant may come to, by its name: `{ runtime: { maxSize: "480 MB", maxWaste: "1 MB" } }`. */
  readonly budget?: Readonly<Record<string, BudgetInput>>;
}

/** What is meant to be as it is. */
export interface LintInput {
  /** Rules by their code, each with the reason why its findings are meant to be there. */
  readonly ignore?: Readonly<Record<string, string>>;
}

/** A checked definition: everything about an image that is known before it is built. */
export interface ImageDefinition {
  readonly kind: "slipway-image";
  readonly name: string;
  readonly stages: readonly Stage[];
  readonly variants: Readonly<Record<string, Stage>>;
  readonly context: string | undefined;
  readonly programs: readonly string[];
  readonly frontend: Frontend;
  readonly syntax: string | undefined;
  readonly lint?: LintInput;
  readonly repository?: string;
  readonly budget?: Readonly<Record<string, Budget>>;
  /** From the lock file beside the definition file, when it was loaded from one. */
  readonly pins?: Pins;
}

/** Where the context holds the programs: `lib/slipway/NAME/` with their files, `bin/NAME` with a link to the program. */
export const PROGRAMS_PATH = ".slipway/programs/";

/** The name of an image's repository. @see https://github.com/distribution/reference */
export const IMAGE_NAME: ValueKind = matching(
  /^[a-z0-9]+(?:(?:\.|_{1,2}|-+|\/)[a-z0-9]+)*$/,
  "the name of an image repository: small letters and digits, between them any of . _ - /",
);

/** The name of a repository with the registry it is in. */
export const REPOSITORY: ValueKind = matching(
  /^(?:[A-Za-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/,
  "a repository without a tag, as registry.example.com/team/ruby-node",
);

/** What can be the tag of an image and the target of a bake file. */
const VARIANT_NAME: ValueKind = matching(
  /^\w[\w-]{0,127}$/,
  "letters, digits, '_' and '-', at most 128 and not '-' at the beginning",
);

/** {@link LintInput}. */
export const LINT: ValueKind = {
  expected: 'an object such as { ignore: { "final-user-root": "the reason" } }',
  holds: (value) => {
    if (typeof value !== "object" || value === null || Object.keys(value).some((key) => key !== "ignore")) return false;
    const ignore: unknown = "ignore" in value ? value.ignore : {};
    return (
      typeof ignore === "object" && ignore !== null && Object.values(ignore).every((reason) => WORDS.holds(reason))
    );
  },
};

const KINDS: Readonly<Record<keyof ImageInput, ValueKind>> = {
  name: IMAGE_NAME,
  stages: listOf(STAGE, 1),
  variants: optional({
    expected: "an object with at least one stage, by the name of its variant",
    holds: (value) => typeof value === "object" && value !== null && Object.keys(value).length > 0,
  }),
  context: optional(WORDS),
  programs: optional(listOf(WORDS)),
  frontend: optional(FRONTEND),
  syntax: optional(SYNTAX),
  lint: optional(LINT),
  repository: optional(REPOSITORY),
  budget: optional({
    expected: "an object of budgets by the name of their variant",
    holds: (value) => typeof value === "object" && value !== null,
  }),
};

/** Shared by every copy of this package, as the program and a definition may each load their own. */
const MADE: unique symbol = Symbol.for("@slipway/base-image: definition");

/**
 * An image of your own stages, for the default export of a definition file.
 * @throws BaseImageError for keys that mean nothing here, and for values of the wrong shape.
 */
export function defineImage(input: ImageInput): ImageDefinition {
  assertShape(input, KINDS, "defineImage()");
  if (input.variants !== undefined) assertRecord(input.variants, STAGE, "defineImage()", "variants");
  for (const name of Object.keys(input.variants ?? {}))
    assertKind(VARIANT_NAME, name, "defineImage()", "the name of a variant");
  const last = input.stages.at(-1);
  const variants = input.variants ?? (last === undefined ? {} : { [last.name]: last });
  assertBudgets(input.budget, Object.keys(variants));
  return registered({
    kind: "slipway-image",
    name: input.name,
    stages: [...input.stages],
    variants: { ...variants },
    context: input.context,
    programs: [...(input.programs ?? [])],
    frontend: input.frontend ?? "buildkit",
    syntax: input.syntax,
    ...(input.lint === undefined
      ? {}
      : { lint: { ...input.lint, ...(input.lint.ignore === undefined ? {} : { ignore: { ...input.lint.ignore } }) } }),
    ...(input.repository === undefined ? {} : { repository: input.repository }),
    ...(input.budget === undefined
      ? {}
      : {
          budget: Object.fromEntries(
            Object.entries(input.budget).map(([variant, budget]) => [variant, readBudget(budget)]),
          ),
        }),
  });
}

function assertBudgets(budgets: ImageInput["budget"] = {}, variants: readonly string[]): void {
  assertRecord(budgets, BUDGET, "defineImage()", "budget");
  assertKnownKeys(budgets, variants, "defineImage(): budget");
}

/** Makes a definition known as one whose values are checked, for whoever adds to what {@link defineImage} gives. */
export function registered<Definition extends ImageDefinition>(definition: Definition): Definition {
  return Object.defineProperty(definition, MADE, { value: true });
}

/** The same definition, its images pinned to digests. */
export function withPins<Definition extends ImageDefinition>(definition: Definition, pins: Pins): Definition {
  return registered({ ...definition, pins });
}

/** Whether a value is a definition that {@link defineImage} or `rubyNode` made; a copy or one made by hand is not. */
export function isImageDefinition(value: unknown): value is ImageDefinition {
  return typeof value === "object" && value !== null && MADE in value;
}

/** Refuses a definition whose values nothing has checked. */
export function assertDefinition(value: unknown): void {
  const expected = "a definition as defineImage() or rubyNode() gives it, not a copy";
  assertKind({ expected, holds: isImageDefinition }, value, "the image", "its definition");
}

/** The stage a variant stands for; without a name the first one. */
export function variantStage(
  definition: ImageDefinition,
  name?: string,
): { readonly name: string; readonly stage: Stage } {
  const names = Object.keys(definition.variants);
  const wanted = name ?? names[0] ?? "";
  const stage = definition.variants[wanted];
  if (stage !== undefined && names.includes(wanted)) return { name: wanted, stage };
  const near = nearest(wanted, names);
  throw new BaseImageError(
    "BASE_IMAGE_UNKNOWN_VARIANT",
    `${definition.name} has no variant ${JSON.stringify(wanted)}; it has ${names.join(", ")}`,
    near === undefined ? {} : { hint: `Did you mean ${near}?` },
  );
}
