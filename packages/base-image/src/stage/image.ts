import { BaseImageError } from "../errors.ts";
import { assertKnownKeys, nearest } from "../dockerfile/known-keys.ts";
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
}

/** A checked definition: everything about an image that is known before it is built. */
export interface ImageDefinition {
  readonly kind: "slipway-image";
  readonly name: string;
  readonly stages: readonly Stage[];
  readonly variants: Readonly<Record<string, Stage>>;
  readonly context: string | undefined;
  readonly programs: readonly string[];
}

/** Where the context holds the programs: `lib/slipway/NAME/` with their files, `bin/NAME` with a link to the program. */
export const PROGRAMS_PATH = ".slipway/programs/";

const KEYS: readonly (keyof ImageInput)[] = ["name", "stages", "variants", "context", "programs"];

/**
 * An image of your own stages, for the default export of a definition file.
 * @throws BaseImageError for keys that mean nothing here, and for values of the wrong shape.
 */
export function defineImage(input: ImageInput): ImageDefinition {
  assertKnownKeys(input, KEYS, "defineImage");
  assertShape(input);
  const last = input.stages.at(-1);
  const variants = input.variants ?? (last === undefined ? {} : { [last.name]: last });
  return {
    kind: "slipway-image",
    name: input.name,
    stages: input.stages,
    variants,
    context: input.context,
    programs: input.programs ?? [],
  };
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

function assertShape(input: ImageInput): void {
  if (!/^[a-z0-9][a-z0-9._/-]*$/.test(input.name)) {
    throw invalid("name", input.name, "the name of an image repository: small letters, digits and any of . _ / -");
  }
  if (!Array.isArray(input.stages) || input.stages.length === 0 || !input.stages.every(isStage)) {
    throw invalid("stages", input.stages, "a list of stages made with stage(), at least one");
  }
  if (!Object.values(input.variants ?? {}).every(isStage)) {
    throw invalid("variants", input.variants, "stages by the name of their variant");
  }
  if (!(input.programs ?? []).every((program) => typeof program === "string")) {
    throw invalid("programs", input.programs, "names of packages");
  }
}

function isStage(value: unknown): value is Stage {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "stage";
}

function invalid(key: string, value: unknown, expected: string): BaseImageError {
  const found = JSON.stringify(value)?.slice(0, 200);
  return new BaseImageError("BASE_IMAGE_INVALID_VALUE", `defineImage: ${key} is ${found}; expected ${expected}`);
}
