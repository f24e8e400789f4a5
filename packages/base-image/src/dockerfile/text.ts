import { BaseImageError } from "../errors.ts";

/** A build argument. Using the value anywhere declares its `ARG` where BuildKit needs it. */
export interface BuildArg {
  readonly kind: "arg";
  readonly name: string;
  readonly fallback?: string;
}

/** An environment variable of the stage, set by `ENV` there or in its base. */
export interface EnvironmentVariable {
  readonly kind: "env";
  readonly name: string;
}

/** Text in which variables are expanded by BuildKit; made with {@link expand}. */
export interface Expandable {
  readonly kind: "expandable";
  readonly parts: readonly (string | BuildArg | EnvironmentVariable)[];
}

/**
 * What an instruction takes: a string is literal to the last `$` and backslash; only an {@link Expandable} or a variable
 * expands.
 */
export type Text = string | Expandable | BuildArg | EnvironmentVariable;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A build argument, with the default it has when `--build-arg` does not set it. */
export function arg(name: string, fallback?: string): BuildArg {
  assertVariableName(name, "a build argument's name");
  return fallback === undefined ? { kind: "arg", name } : { kind: "arg", name, fallback };
}

/** A reference to an environment variable for {@link expand}: `expand\`${variable("GEM_HOME")}/cache\``. */
export function variable(name: string): EnvironmentVariable {
  assertVariableName(name, "an environment variable's name");
  return { kind: "env", name };
}

/** Text with variables in it: ``expand`ruby:${version}-slim` ``. The pieces between stay literal. */
export function expand(
  strings: TemplateStringsArray,
  ...values: readonly (string | BuildArg | EnvironmentVariable)[]
): Expandable {
  const parts = strings.flatMap((text, index) => {
    const value = values[index];
    return value === undefined ? [text] : [text, value];
  });
  return { kind: "expandable", parts: parts.filter((part) => part !== "") };
}

/** Refuses names that neither BuildKit nor a shell could refer to. */
export function assertVariableName(name: string, what: string): void {
  if (NAME.test(name)) return;
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `${what} is ${JSON.stringify(name)}; expected letters, digits and '_', not beginning with a digit`,
  );
}

/** The pieces of a text: literal strings and variables. */
export function partsOf(text: Text): readonly (string | BuildArg | EnvironmentVariable)[] {
  if (typeof text === "string") return [text];
  if (typeof text === "object" && text?.kind === "expandable") return text.parts;
  if (typeof text === "object" && (text?.kind === "arg" || text?.kind === "env")) return [text];
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `found ${JSON.stringify(text)}; expected a string, expand\`…\` or a variable`,
  );
}

/** The build arguments a text expands. */
export function argsOf(text: Text): readonly BuildArg[] {
  return partsOf(text).filter((part) => typeof part !== "string" && part.kind === "arg");
}
