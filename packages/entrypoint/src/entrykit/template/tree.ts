import type { Value } from "./value.ts";

/** What a template is made of. `at` is the place in its text. */
export type Node =
  | { readonly kind: "text"; readonly text: string; readonly at: number }
  | { readonly kind: "action"; readonly pipe: Pipe; readonly at: number }
  | Branch
  | { readonly kind: "template"; readonly name: string; readonly pipe: Pipe | undefined; readonly at: number };

/** `if`, `with` and `range`: the body, and what `else` holds. */
export interface Branch {
  readonly kind: "if" | "with" | "range";
  readonly pipe: Pipe;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
  readonly at: number;
}

/** Commands that each get the value of the one before as their last argument. */
export interface Pipe {
  /** Variables that take the value; of two in a `range` the first takes the index. */
  readonly variables: readonly string[];
  /** `=` instead of `:=`: the variables are there already. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
  readonly at: number;
}

/** A function with its arguments, or one value. */
export interface Command {
  readonly operands: readonly [Operand, ...Operand[]];
  readonly at: number;
}

export type Operand = (
  | { readonly kind: "dot" }
  | { readonly kind: "nil" }
  | { readonly kind: "constant"; readonly value: Value }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "pipe"; readonly pipe: Pipe }
) & { readonly fields: readonly string[]; readonly at: number };

/** A parsed template and those that it defines, by name. */
export interface Template {
  readonly body: readonly Node[];
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}
