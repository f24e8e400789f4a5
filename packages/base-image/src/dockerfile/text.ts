import { BaseImageError } from "../errors.ts";
import { assertKind, isWritable, oneOf, optional, STRING, type ValueKind } from "./value-kind.ts";

/** A build argument. Using the value anywhere declares its `ARG` where BuildKit needs it. */
export interface BuildArg {
  readonly kind: "arg";
  readonly name: string;
  readonly fallback?: string;
  readonly modifier?: Modifier;
}

/** A variable by its name: of `ENV` here or in the base, or, in a file that was read, of either kind. */
export interface Variable {
  readonly kind: "variable";
  readonly name: string;
  readonly modifier?: Modifier;
}

/** What stands after the name in `${NAME:-word}` or `${NAME/pattern/replacement}`. */
export interface Modifier {
  readonly operator: (typeof OPERATORS)[number];
  /** The word, or the pattern. */
  readonly word: Text;
  /** Only for `/` and `//`. */
  readonly replacement?: Text;
}

/** The modifiers BuildKit knows; a shell has more. @see https://docs.docker.com/reference/dockerfile/#environment-replacement */
export const OPERATORS = [":-", "-", ":+", "+", ":?", "?", "#", "##", "%", "%%", "/", "//"] as const;

/** Text in which variables are expanded by BuildKit; made with {@link expand}. */
export interface Expandable {
  readonly kind: "expandable";
  readonly parts: readonly Piece[];
}

/** A piece of a text: literal, or a variable. */
export type Piece = string | BuildArg | Variable;

/**
 * What an instruction takes: a string is literal to the last `$` and backslash; only an {@link Expandable} or a variable
 * expands.
 */
export type Text = string | Expandable | BuildArg | Variable;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const PART: ValueKind = {
  expected: "a string, or a variable made with arg() or variable()",
  holds: (value) => isWritable(value) || isVariable(value),
};

const NOTHING: ValueKind = { expected: "none, but for / and //", holds: (value) => value === undefined };

/** A build argument made with {@link arg}. */
export const ARGUMENT: ValueKind = {
  expected: "a build argument made with arg()",
  holds: (value) => isVariable(value) && kindOf(value) === "arg",
};

/** Any {@link Text}. */
export const TEXT: ValueKind = {
  expected: "a string, expand`…` or a variable",
  holds: (value) => PART.holds(value) || isExpandable(value),
};

/** A {@link Text} with something in it. */
export const WORD: ValueKind = {
  expected: `${TEXT.expected}, not empty`,
  holds: (value) => TEXT.holds(value) && value !== "" && !(isExpandable(value) && value.parts.length === 0),
};

/** A build argument, with the default it has when `--build-arg` does not set it. */
export function arg(name: string, fallback?: string): BuildArg {
  assertVariableName(name, "a build argument's name");
  assertKind(optional(STRING), fallback, `arg(${JSON.stringify(name)})`, "the default");
  return guarded({ kind: "arg", name, ...(fallback === undefined ? {} : { fallback }) }, `the variable ${name}`);
}

/** A reference to an environment variable for {@link expand}: `expand\`${variable("GEM_HOME")}/cache\``. */
export function variable(name: string): Variable {
  assertVariableName(name, "an environment variable's name");
  return guarded({ kind: "variable", name }, `the variable ${name}`);
}

/**
 * A variable with a modifier: `modify(variable("X"), ":-", "default")` is `${X:-default}`; `/` and `//` take a
 * replacement too. The word after `#`, `%` and `/` is a pattern, where `*` and `?` match.
 */
export function modify<Kind extends BuildArg | Variable>(
  changed: Kind,
  operator: Modifier["operator"],
  word: Text,
  replacement?: Text,
): Kind {
  assertKind(
    { expected: "a variable made with arg() or variable()", holds: isVariable },
    changed,
    "modify()",
    "the variable",
  );
  assertKind(oneOf(...OPERATORS), operator, "modify()", "the operator");
  assertKind(patternFor(operator), word, "modify()", "the word");
  assertKind(operator.startsWith("/") ? TEXT : NOTHING, replacement, "modify()", "the replacement");
  const modifier: Modifier = { operator, word, ...(replacement === undefined ? {} : { replacement }) };
  return guarded({ ...changed, modifier }, `the variable ${changed.name}`);
}

/** BuildKit would take the sign of `#`, `%` or `/` at the beginning of a pattern for the second of `##`, `%%` or `//`. */
function patternFor(operator: Modifier["operator"]): ValueKind {
  const [sign = ""] = operator;
  if (!"#%/".includes(sign)) return TEXT;
  const holds = (value: unknown): boolean => {
    if (!isText(value)) return false;
    const [first = ""] = partsOf(value);
    return typeof first !== "string" || !(first.startsWith(sign) || (sign === "/" && first === ""));
  };
  return {
    expected: `${TEXT.expected}: a pattern that does not begin with ${sign}${sign === "/" ? ", not empty" : ""}`,
    holds,
  };
}

/** Text with variables in it: ``expand`ruby:${version}-slim` ``. The pieces between stay literal. */
export function expand(strings: TemplateStringsArray, ...values: readonly Piece[]): Expandable {
  for (const value of values) assertKind(PART, value, "expand`…`", "a value");
  const parts = strings.flatMap((text, index) => {
    const value = values[index];
    return value === undefined ? [text] : [text, value];
  });
  const text: Expandable = { kind: "expandable", parts: parts.filter((part) => part !== "") };
  return guarded(text, "a text made with expand", "it");
}

/** A value that a plain template refuses, where it would become `[object Object]`. */
function guarded<Value extends object>(value: Value, what: string, without = "expand"): Value {
  const refuse = (): never => {
    throw new BaseImageError(
      "BASE_IMAGE_INVALID_VALUE",
      `${what} stands in a template without ${without}; expected expand\`…\``,
    );
  };
  return Object.defineProperty(value, Symbol.toPrimitive, { value: refuse });
}

/** Refuses names that neither BuildKit nor a shell could refer to. */
export function assertVariableName(name: string, what: string): void {
  if (typeof name === "string" && NAME.test(name)) return;
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `${what} is ${JSON.stringify(name)}; expected letters, digits and '_', not beginning with a digit`,
  );
}

/** The pieces of a text: literal strings and variables. */
export function partsOf(text: Text): readonly Piece[] {
  if (typeof text === "string") return [text];
  if (typeof text === "object" && text?.kind === "expandable") return text.parts;
  if (typeof text === "object" && (text?.kind === "arg" || text?.kind === "variable")) return [text];
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `found ${JSON.stringify(text)}; expected a string, expand\`…\` or a variable`,
  );
}

const NO_VARIABLES: readonly never[] = [];

/** The variables a text expands, those inside the words of modifiers too. */
export function variablesOf(text: Text): readonly (BuildArg | Variable)[] {
  if (typeof text === "string") return NO_VARIABLES;
  return partsOf(text).flatMap((part) => {
    if (typeof part === "string") return [];
    const { word, replacement } = part.modifier ?? {};
    return [part, ...[word, replacement].flatMap((inner) => (inner === undefined ? [] : variablesOf(inner)))];
  });
}

/** The build arguments a text expands. */
export function argsOf(text: Text): readonly BuildArg[] {
  return variablesOf(text).filter((each) => each.kind === "arg");
}

/** Whether a value is a {@link Text}. */
export function isText(value: unknown): value is Text {
  return TEXT.holds(value);
}

function kindOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
}

function isVariable(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("name" in value)) return false;
  return ["arg", "variable"].includes(String(kindOf(value))) && typeof value.name === "string" && NAME.test(value.name);
}

function isExpandable(value: unknown): value is Expandable {
  if (typeof value !== "object" || value === null || !("parts" in value) || kindOf(value) !== "expandable")
    return false;
  return Array.isArray(value.parts) && value.parts.every((part) => PART.holds(part));
}
