import type { DirectiveReader } from "./directive.ts";
import type { FaultSink } from "./fault.ts";
import type { LinePiece, ParsedComment } from "./parsed.ts";
import { LINE_LIMIT, type PhysicalLines } from "./physical-lines.ts";
import { skipSpace } from "./space.ts";

/** An instruction's line, continued lines joined. */
export interface LogicalLine {
  readonly text: string;
  readonly pieces: readonly LinePiece[];
  /** Where it begins in the file, as an offset and a line. */
  readonly start: number;
  readonly line: number;
  readonly comments: readonly ParsedComment[];
}

/** A physical line's part of a logical one. */
interface Part {
  readonly text: string;
  readonly continues: boolean;
}

const NO_COMMENTS: readonly ParsedComment[] = [];

/** Joins continued lines, drops comments and blank lines, takes directives out. */
export class LogicalLines {
  private readonly lines: PhysicalLines;
  private readonly directives: DirectiveReader;
  private readonly faults: FaultSink;
  private comments: ParsedComment[] = [];

  constructor(lines: PhysicalLines, directives: DirectiveReader, faults: FaultSink) {
    this.lines = lines;
    this.directives = directives;
    this.faults = faults;
  }

  /** The next instruction's line; nothing at the end of the file. */
  next(): LogicalLine | undefined {
    const { lines } = this;
    while (this.advance()) {
      const start = skipSpace(lines.source, lines.start, lines.end);
      if (start === lines.end) {
        this.directives.end();
        continue;
      }
      const column = start - lines.start + 1;
      if (this.isComment(start)) this.takeComment(start, column);
      else {
        this.directives.end();
        return this.join(start, column);
      }
    }
    return undefined;
  }

  private advance(): boolean {
    const { lines } = this;
    if (!lines.advance()) return false;
    if (lines.isTooLong()) {
      const message = `dockerfile line greater than max allowed size of ${LINE_LIMIT}`;
      this.faults.at({ line: lines.line, column: 1 }, "line-too-long", message);
    }
    return true;
  }

  private isComment(start: number): boolean {
    return this.lines.source.charCodeAt(start) === 0x23;
  }

  private takeComment(start: number, column: number): void {
    const { lines } = this;
    const text = lines.source.slice(start, lines.end);
    if (this.directives.take(text, { line: lines.line, column })) return;
    this.comments.push({ text: text.slice(1).trim(), line: lines.line });
  }

  private join(start: number, column: number): LogicalLine {
    const { line } = this.lines;
    const first = this.part(start);
    const comments = this.comments.length === 0 ? NO_COMMENTS : this.comments;
    if (comments !== NO_COMMENTS) this.comments = [];
    const pieces: LinePiece[] = [{ offset: 0, line, column }];
    const text = first.continues ? this.joinRest(first.text, pieces) : first.text;
    return { text, pieces, start, line, comments };
  }

  private joinRest(first: string, pieces: LinePiece[]): string {
    const { lines } = this;
    let text = first;
    let empty: number | undefined;
    for (let continues = true; continues && this.advance();) {
      const start = skipSpace(lines.source, lines.start, lines.end);
      if (start === lines.end) empty ??= lines.line;
      else if (!this.isComment(start)) {
        const part = this.part(lines.start);
        pieces.push({ offset: text.length, line: lines.line, column: 1 });
        text += part.text;
        continues = part.continues;
      }
    }
    if (empty !== undefined)
      this.faults.at(
        { line: empty, column: 1 },
        "empty-continuation",
        "an empty line inside an instruction that goes on",
      );
    return text;
  }

  /** The line from `start` on, without the escape character that continues it. Two of them in a row do not. */
  private part(start: number): Part {
    const { source, end } = this.lines;
    const escape = this.directives.escape.charCodeAt(0);
    let at = end;
    while (at > start && (source.charCodeAt(at - 1) === 0x20 || source.charCodeAt(at - 1) === 0x09)) at -= 1;
    const continues = at > start && source.charCodeAt(at - 1) === escape;
    if (continues && (at - 1 === start || source.charCodeAt(at - 2) !== escape))
      return { text: source.slice(start, at - 1), continues: true };
    return { text: source.slice(start, end), continues: false };
  }
}
