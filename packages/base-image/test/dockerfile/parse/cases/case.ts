import type { FromInstruction, Instruction } from "../../../../src/dockerfile/instruction.ts";
import type { Modifier, Piece, Text, Variable } from "../../../../src/dockerfile/text.ts";
import type { GrammarCode } from "../../../../src/dockerfile/parse/grammar.ts";

/** A rule of the language, shown by files. */
export interface Rule {
  /** The number of the rule; all cases of a rule have it. */
  readonly rule: number;
  readonly says: string;
  readonly cases: readonly Case[];
}

/** A file and what BuildKit makes of it. */
export type Case = Accepted | Refused;

/** A file that BuildKit takes, with what it reads. */
export interface Accepted {
  readonly file: string;
  /** The instructions of the last stage behind its `FROM`. */
  readonly reads: readonly Instruction[];
  readonly from?: FromInstruction;
  readonly globals?: readonly Instruction[];
  readonly directives?: Readonly<Record<string, string>>;
  readonly warning?: GrammarCode;
  /** Why the engine's own check of this file says something else. */
  readonly engine?: string;
}

/** A file that BuildKit refuses. */
export interface Refused {
  readonly file: string;
  readonly refused: GrammarCode;
  /** Line and column of the finding. */
  readonly at: `${number}:${number}`;
  /** A part of what BuildKit says. */
  readonly says: string;
  /** What the hint must hold, such as the near word. */
  readonly hint?: string;
  /** Why the engine's own check of this file says something else. */
  readonly engine?: string;
}

/** `RUN` of shell text. */
export function run(command: string): Instruction {
  return { instruction: "RUN", command: { form: "shell", text: command } };
}

/** `RUN` in exec form. */
export function exec(...words: readonly string[]): Instruction {
  return { instruction: "RUN", command: { form: "exec", words } };
}

/** `RUN` of a script. */
export function script(body: string): Instruction {
  return { instruction: "RUN", command: { form: "script", body } };
}

/** `ENV` of literal pairs. */
export function env(pairs: Readonly<Record<string, string>>): Instruction {
  return { instruction: "ENV", pairs: Object.entries(pairs).map(([key, value]) => ({ key, value })) };
}

/** `COPY` of literal paths. */
export function copy(sources: readonly string[], target: string): Instruction {
  return { instruction: "COPY", sources, target };
}

/** `ARG` of one name. */
export function arg(name: string, value?: string): Instruction {
  return { instruction: "ARG", args: [value === undefined ? { name } : { name, value }] };
}

/** A text with variables in it. */
export function text(...parts: readonly Piece[]): Text {
  return { kind: "expandable", parts };
}

/** A variable, with a modifier if there is one. */
export function variable(name: string, operator?: Modifier["operator"], word: Text = "", replacement?: Text): Variable {
  if (operator === undefined) return { kind: "variable", name };
  return { kind: "variable", name, modifier: { operator, word, ...(replacement !== undefined && { replacement }) } };
}
