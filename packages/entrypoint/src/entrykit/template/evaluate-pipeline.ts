import type { Evaluation } from "./evaluate.ts";
import { FunctionFailure } from "./function-table.ts";
import { LONGEST } from "./limits.ts";
import { TemplateError } from "./position.ts";
import type { Scope } from "./scope.ts";
import type { Command, Operand, Pipe } from "./tree.ts";
import { isList, isMap, typeOf, type Value } from "./value.ts";

/** The value of a pipeline. @throws TemplateError */
export function evaluatePipe(evaluation: Evaluation, pipe: Pipe, dot: Value, scope: Scope): Value {
  let value: Value | undefined;
  for (const command of pipe.commands) value = evaluateCommand(evaluation, command, { dot, scope, last: value });
  return value ?? null;
}

interface Place {
  readonly dot: Value;
  readonly scope: Scope;
  /** The value of the command before this one. */
  readonly last: Value | undefined;
}

function evaluateCommand(evaluation: Evaluation, command: Command, place: Place): Value {
  evaluation.spend(command.at);
  const [first, ...others] = command.operands;
  if (first.kind === "function") return callFunction(evaluation, first, others, place);
  if (others.length > 0 || place.last !== undefined) {
    throw evaluation.error(first.at, "can't give an argument to what is not a function");
  }
  if (first.kind === "nil") throw evaluation.error(first.at, "nil is not a command");
  return evaluateOperand(evaluation, first, place);
}

function evaluateOperand(evaluation: Evaluation, operand: Operand, place: Place): Value {
  if (operand.kind === "function") return callFunction(evaluation, operand, [], { ...place, last: undefined });
  return fieldsOf(evaluation, operand, startOf(evaluation, operand, place));
}

/** What an operand's fields are taken from. */
function startOf(
  evaluation: Evaluation,
  operand: Exclude<Operand, { readonly kind: "function" }>,
  { dot, scope }: Place,
): Value {
  if (operand.kind === "dot") return dot;
  if (operand.kind === "nil") return null;
  if (operand.kind === "constant") return operand.value;
  if (operand.kind === "variable") return scope.get(operand.name);
  return evaluatePipe(evaluation, operand.pipe, dot, scope);
}

function fieldsOf(evaluation: Evaluation, operand: Operand, start: Value): Value {
  let value = start;
  for (const field of operand.fields) {
    if (value === null) return null;
    if (!isMap(value)) throw evaluation.error(operand.at, `can't evaluate field ${field} in type ${typeOf(value)}`);
    value = value.get(field) ?? null;
  }
  return value;
}

function callFunction(evaluation: Evaluation, operand: Operand, others: readonly Operand[], place: Place): Value {
  const name = operand.kind === "function" ? operand.name : "";
  const { [name]: row } = evaluation.functions;
  if (row === undefined) throw new Error(`the parser let the function ${name} pass`);
  const own = others.map((other) => evaluateOperand(evaluation, other, place));
  const args = place.last === undefined ? own : [...own, place.last];
  if (args.length < row.least || args.length > row.most) {
    const wanted = row.most === row.least ? String(row.least) : `at least ${String(row.least)}`;
    throw evaluation.error(
      operand.at,
      `wrong number of arguments for ${name}: want ${wanted} got ${String(args.length)}`,
    );
  }
  evaluation.spend(
    operand.at,
    args.reduce<number>((sum, arg) => sum + effortOf(arg), 1),
  );
  const result = attempt(evaluation, operand, name, () => row.call(args, evaluation.context));
  if (typeof result !== "string" || result.length <= LONGEST) return result;
  throw evaluation.error(operand.at, `error calling ${name}: more than ${String(LONGEST)} characters`);
}

/** What it takes to go through an argument, in steps. */
function effortOf(arg: Value): number {
  if (isList(arg)) return arg.length / 64;
  return typeof arg === "string" ? arg.length / 4096 : 0;
}

function attempt(evaluation: Evaluation, { at }: Operand, name: string, call: () => Value): Value {
  try {
    return call();
  } catch (error) {
    const tooLong = error instanceof RangeError && /string length|stack/.test(error.message);
    if (error instanceof FunctionFailure || error instanceof TemplateError || tooLong) {
      throw evaluation.error(at, `error calling ${name}: ${error.message}`);
    }
    throw error;
  }
}
