import type { TemplateFiles } from "./files.ts";
import type { Value } from "./value.ts";

/** What the functions of a template can reach. */
export interface TemplateContext {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly files: TemplateFiles;
  /** A variable that is not set and has no default is an error, not an empty text. */
  readonly strict: boolean;
  /** Renders another template, with its variables over those in the environment. */
  readonly render: (template: InnerTemplate, variables: readonly (readonly [string, Value])[]) => string;
}

/** A template that a function renders: a file's, whose folder is looked into as well, or a text's. */
export interface InnerTemplate {
  readonly name: string;
  readonly text: string;
  readonly folder?: string;
}

/** A function of templates; what it throws as {@link FunctionFailure} is the template's fault. */
export interface TemplateFunction {
  readonly least: number;
  readonly most: number;
  readonly call: (args: readonly Value[], context: TemplateContext) => Value;
}

export type FunctionTable = Readonly<Record<string, TemplateFunction>>;

/** A function was given what it cannot work with. */
export class FunctionFailure extends Error {}

/** A row of a table: a function of this many arguments. */
export function takes(
  arity: number | readonly [least: number, most: number],
  call: TemplateFunction["call"],
): TemplateFunction {
  const [least, most] = typeof arity === "number" ? [arity, arity] : arity;
  return { least, most, call };
}

/** A row of a table: a function of one text. */
export function ofText(name: string, call: (text: string) => Value): TemplateFunction {
  return takes(1, ([value = null]) => call(textOf(name, value)));
}

/** @throws FunctionFailure when the value is not a string */
export function textOf(name: string, value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new FunctionFailure(`${name} must be given a string, got ${describe(value)}`);
}

/** @throws FunctionFailure when the value is not a list */
export function listOf(name: string, value: Value | undefined): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Value[];
  throw new FunctionFailure(`${name} must be given a list, got ${describe(value)}`);
}

function describe(value: Value | undefined): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Map) return "a map";
  return typeof value === "boolean" ? String(value) : "a number";
}
