import type { Finding } from "../finding.ts";
import type { FromInstruction, Instruction } from "../instruction.ts";

/** A stretch of the file. Lines and columns count from 1, columns in UTF-16 units; the end is behind the last character. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A stretch of {@link ParsedLine.text}: offsets in UTF-16 units, `end` behind the last one. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** From `offset` of the logical line on, the text stands at `line` and `column` of the file. */
export interface LinePiece {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A `--name` or `--name=value` before the arguments; `value` with its quotes taken off. */
export interface ParsedFlag extends Span {
  readonly name: string;
  readonly value?: string;
}

/**
 * An argument. `text` is what BuildKit's parser hands on: a JSON element decoded, any other word as written, quotes and
 * variables still in it. `RUN`, `CMD` and `ENTRYPOINT` in shell form, `USER`, `WORKDIR` and `STOPSIGNAL` have one.
 */
export interface ParsedWord extends Span {
  readonly text: string;
}

/** A heredoc: its marker in the logical line, its body in the lines after the instruction. */
export interface ParsedHeredoc extends Span {
  readonly name: string;
  /** The file descriptor before `<<`; 0 when none is written. */
  readonly fd: number;
  /** Whether variables in the body expand: the delimiter is not quoted. */
  readonly expand: boolean;
  /** `<<-`: leading tabs of the body are not part of it. */
  readonly stripTabs: boolean;
  /** The lines as written, line ends and leading tabs included. */
  readonly body: string;
  /** The line the body begins at; the line of the terminator when it is empty. */
  readonly line: number;
  /** The line of the terminator. */
  readonly endLine: number;
}

/** An instruction as it stands in the file. */
export interface ParsedLine {
  /** The instruction's name as written. */
  readonly keyword: string;
  /** From the first character of the name to the end of the last line, heredocs included. */
  readonly place: Place;
  /** The lines of `place` as written, without the last line end. */
  readonly raw: string;
  /** The logical line: continued lines joined, comments between them gone. */
  readonly text: string;
  /** Where the pieces of `text` stand; {@link placeOf} reads it. */
  readonly pieces: readonly LinePiece[];
  readonly flags: readonly ParsedFlag[];
  readonly words: readonly ParsedWord[];
  /** Whether the arguments are in JSON form. */
  readonly json: boolean;
  readonly heredocs: readonly ParsedHeredoc[];
  /** The comment lines right before it, without `#`; directives are not among them. */
  readonly comments: readonly ParsedComment[];
}

/** A comment line; `text` without the `#` and the blanks around. */
export interface ParsedComment {
  readonly text: string;
  readonly line: number;
}

/** An instruction of a stage that BuildKit's parser accepts. */
export interface ParsedInstruction extends ParsedLine {
  readonly instruction: Instruction;
}

/** A stage: what a `FROM` begins, even one that has an error. */
export interface ParsedStage extends ParsedLine {
  /** The `FROM`; absent where it has an error. */
  readonly instruction?: FromInstruction;
  /** The base as written, variables still in it. */
  readonly from: string;
  readonly platform?: string;
  /** The name in lower case, as BuildKit compares it. */
  readonly name?: string;
  readonly line: number;
  readonly instructions: readonly ParsedInstruction[];
}

/** `# syntax=`, `# escape=` or `# check=`; the key in lower case. */
export interface ParsedDirective {
  readonly key: "syntax" | "escape" | "check";
  readonly value: string;
  readonly line: number;
}

/** A Dockerfile as BuildKit reads it, with everything it would refuse as findings of the kind `grammar`. */
export interface ParsedDockerfile {
  readonly directives: readonly ParsedDirective[];
  /** `\` or a backtick. */
  readonly escape: string;
  /** The `ARG`s before the first `FROM`. */
  readonly globalArgs: readonly ParsedInstruction[];
  readonly stages: readonly ParsedStage[];
  /** In the order of the file, as far as reading got. Instructions that have an error are in no stage. */
  readonly findings: readonly Finding[];
}

/** Where a stretch of an instruction's logical line stands in the file. */
export function placeOf(line: Pick<ParsedLine, "pieces">, span: Span): Place {
  const start = positionOf(line.pieces, span.start);
  const last = positionOf(line.pieces, Math.max(span.start, span.end - 1));
  const width = span.end > span.start ? 1 : 0;
  return { line: start.line, column: start.column, endLine: last.line, endColumn: last.column + width };
}

function positionOf(pieces: readonly LinePiece[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low] ?? { offset: 0, line: 1, column: 1 };
  return { line: piece.line, column: piece.column + offset - piece.offset };
}
