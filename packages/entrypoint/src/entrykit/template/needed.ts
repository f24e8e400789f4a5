import type { Operand, Pipe } from "./tree.ts";

/** A variable of the environment that a pipeline asks for without anything in the place of one that is not set. */
export interface NeededVariable {
  readonly name: string;
  readonly at: number;
}

/** The variables that a pipeline names by `var` and gives no `default`. */
export function neededVariables(pipe: Pipe): readonly NeededVariable[] {
  if (pipe.commands.some(({ operands: [first] }) => isFunction(first, "default"))) return [];
  return pipe.commands.flatMap(({ operands: [first, ...others] }) => {
    const own = isFunction(first, "var") && others[0]?.kind === "constant" ? [named(others[0].value, first.at)] : [];
    const within = [first, ...others].flatMap((operand) =>
      operand.kind === "pipe" ? neededVariables(operand.pipe) : [],
    );
    return [...own, ...within];
  });
}

function isFunction(operand: Operand, name: string): boolean {
  return operand.kind === "function" && operand.name === name;
}

function named(value: unknown, at: number): NeededVariable {
  return { name: String(value), at };
}
