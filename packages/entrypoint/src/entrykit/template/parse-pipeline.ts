import type { Token, TokenKind } from "./lexer.ts";
import type { ParseState } from "./parse-state.ts";
import type { Command, Operand, Pipe } from "./tree.ts";

/** Parses `[$x [, $y] :=] command | command ...` up to its end, which is left to the caller. */
export function parsePipe(state: ParseState, where: string, end: TokenKind = "close"): Pipe {
  return state.scope(() => {
    const { at } = state.peek();
    const declared = parseVariables(state, where);
    const commands = parseCommands(state, where, end);
    return { ...declared, commands, at };
  });
}

/** The variables a pipeline declares, which its caller puts in the scope they belong to. */
function parseVariables(state: ParseState, where: string): Pick<Pipe, "variables" | "assigns"> {
  const first = state.peek();
  if (first.kind !== "variable" || first.text === "$") return { variables: [], assigns: false };
  if (where === "range" && state.peek(1).kind === "comma") {
    state.at += 2;
    const second = state.expect("variable", where);
    return { variables: [first.text, second.text], assigns: assignment(state, where, [first.text, second.text]) };
  }
  const { kind } = state.peek(1);
  if (kind !== "declare" && kind !== "assign") return { variables: [], assigns: false };
  state.at += 1;
  return { variables: [first.text], assigns: assignment(state, where, [first.text]) };
}

function assignment(state: ParseState, where: string, names: readonly string[]): boolean {
  if (state.takeIf("declare") !== undefined) return false;
  const { at } = state.expect("assign", where);
  for (const name of names) checkVariable(state, name, at);
  return true;
}

function checkVariable(state: ParseState, name: string, at: number): void {
  if (!state.variables.includes(name)) throw state.error(at, `undefined variable "${name}"`);
}

function parseCommands(state: ParseState, where: string, end: TokenKind): readonly Command[] {
  const commands: Command[] = [];
  do {
    const command = parseCommand(state, where, end);
    if (commands.length > 0 && !canTakeArguments(command)) {
      throw state.error(command.at, "non executable command in pipeline: only a function can take a value");
    }
    commands.push(command);
  } while (state.takeIf("pipe") !== undefined);
  if (state.peek().kind !== end) state.unexpected(where);
  return commands;
}

function canTakeArguments(command: Command): boolean {
  const [first] = command.operands;
  return first.kind !== "constant" && first.kind !== "nil" && !(first.kind === "dot" && first.fields.length === 0);
}

function parseCommand(state: ParseState, where: string, end: TokenKind): Command {
  const { at, kind } = state.peek();
  if (kind === "pipe" || kind === end) throw state.error(at, `missing value for ${where}`);
  const first = parseOperand(state, where);
  const others: Operand[] = [];
  while (!["pipe", "close", "closing-parenthesis", "end"].includes(state.peek().kind)) {
    if (!state.peek().spaced) state.unexpected("operand");
    others.push(parseOperand(state, where));
  }
  return { operands: [first, ...others], at };
}

type OperandParser = (state: ParseState, token: Token) => Operand;

const OPERANDS: Readonly<Partial<Record<TokenKind, OperandParser>>> = {
  dot: (_, { at }) => ({ kind: "dot", fields: [], at }),
  field: (state, { text, at }) => ({ kind: "dot", fields: [text.slice(1), ...fieldsAfter(state)], at }),
  variable: (state, { text, at }) => {
    checkVariable(state, text, at);
    return { kind: "variable", name: text, fields: fieldsAfter(state), at };
  },
  constant: (_, { value = null, at }) => ({ kind: "constant", value, fields: [], at }),
  parenthesis: parseParenthesis,
  word: parseWord,
};

function parseOperand(state: ParseState, where: string): Operand {
  const { [state.peek().kind]: parse } = OPERANDS;
  return parse === undefined ? state.unexpected(where) : parse(state, state.next());
}

function parseParenthesis(state: ParseState, { at }: Token): Operand {
  const pipe = parsePipe(state, "parenthesized pipeline", "closing-parenthesis");
  state.expect("closing-parenthesis", "parenthesized pipeline");
  return { kind: "pipe", pipe, fields: fieldsAfter(state), at };
}

function parseWord(state: ParseState, { text: name, at }: Token): Operand {
  if (name === "nil") return { kind: "nil", fields: [], at };
  if (name === "true" || name === "false") return { kind: "constant", value: name === "true", fields: [], at };
  const refusal = state.refusal(name);
  if (refusal !== undefined) throw state.error(at, refusal);
  return { kind: "function", name, fields: [], at };
}

function fieldsAfter(state: ParseState): string[] {
  const fields: string[] = [];
  while (state.peek().kind === "field" && !state.peek().spaced) fields.push(state.next().text.slice(1));
  return fields;
}
