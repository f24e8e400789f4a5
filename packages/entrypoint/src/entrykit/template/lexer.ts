import { TemplateError, type TemplateSource } from "./position.ts";
import type { Value } from "./value.ts";
import { readConstant } from "./constants.ts";

/** A piece of a template: literal text, a delimiter, or a word of an action. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Where it begins in the template's text. */
  readonly at: number;
  /** White space stands before it. */
  readonly spaced: boolean;
  /** The value of a string, a character or a number. */
  readonly value?: Value;
}

export type TokenKind =
  | "text"
  | "open"
  | "close"
  | "end"
  | "declare"
  | "assign"
  | "pipe"
  | "comma"
  | "parenthesis"
  | "closing-parenthesis"
  | "constant"
  | "variable"
  | "field"
  | "dot"
  | "word";

const NUMBER = /[+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/y;

const WORDS: readonly (readonly [TokenKind, RegExp])[] = [
  ["declare", /:=/y],
  ["assign", /=/y],
  ["pipe", /\|/y],
  ["comma", /,/y],
  ["parenthesis", /\(/y],
  ["closing-parenthesis", /\)/y],
  ["constant", /"(?:[^"\\\n]|\\[^\n])*"/y],
  ["constant", /`[^`]*`/y],
  ["constant", /'(?:[^'\\\n]|\\[^\n])+'/y],
  ["constant", NUMBER],
  ["variable", /\$[\p{L}\p{N}_]*/uy],
  ["field", /\.[\p{L}_][\p{L}\p{N}_]*/uy],
  ["dot", /\./y],
  ["word", /[\p{L}_][\p{L}\p{N}_]*/uy],
];

/**
 * Cuts a template into tokens; the last is `end`. White space that `{{- ` and ` -}}` trim and comments are gone. As in
 * Sigil, `\}}`, a line's end and `{{` in a row join the lines.
 * @throws TemplateError
 */
export function tokenize(source: TemplateSource): readonly Token[] {
  return new Lexer(source).run();
}

class Lexer {
  readonly source: TemplateSource;
  readonly tokens: Token[] = [];
  at = 0;

  constructor(source: TemplateSource) {
    this.source = source;
  }

  run(): readonly Token[] {
    let trimmed = false;
    while (this.at < this.source.text.length) {
      this.literal(trimmed);
      if (this.at < this.source.text.length) trimmed = this.action();
    }
    this.push("end", this.at, this.at);
    return this.tokens;
  }

  /** Text up to the next action, without the white space that the actions beside it trim. */
  literal(trimmedBefore: boolean): void {
    const { text, delimiters } = this.source;
    const found = text.indexOf(delimiters[0], this.at);
    const end = found === -1 ? text.length : found;
    let piece = text.slice(this.at, end);
    if (trimmedBefore) piece = piece.replace(/^[ \t\r\n]+/, "");
    if (found !== -1 && this.trimsBefore(found)) piece = piece.replace(/(?<![ \t\r\n])[ \t\r\n]+$/, "");
    if (piece !== "") this.tokens.push({ kind: "text", text: piece, at: this.at, spaced: false });
    this.at = end;
  }

  trimsBefore(open: number): boolean {
    return /^-[ \t\r\n]/.test(this.source.text.slice(open + this.source.delimiters[0].length).slice(0, 2));
  }

  /** @returns whether the text after it is trimmed */
  action(): boolean {
    const start = this.at;
    const trims = this.trimsBefore(start);
    this.at += this.source.delimiters[0].length + (trims ? 1 : 0);
    const comment = this.take(/\s*\/\*/y);
    if (comment !== undefined) return this.comment(start);
    this.push("open", start, this.at);
    for (;;) {
      const spaced = this.take(/\s+/y) !== undefined;
      const close = this.closing(start, spaced);
      if (close !== undefined) return close;
      this.word(start, spaced);
    }
  }

  comment(start: number): boolean {
    const end = this.source.text.indexOf("*/", this.at);
    if (end === -1) throw new TemplateError(this.source, start, "unclosed comment");
    this.at = end + 2;
    const close = this.closing(start, this.take(/\s+/y) !== undefined, false);
    if (close === undefined) throw new TemplateError(this.source, start, "comment ends before closing delimiter");
    return close;
  }

  /** The end of an action when it stands here, and whether it trims what follows. */
  closing(start: number, spaced: boolean, asToken = true): boolean | undefined {
    const { text, delimiters } = this.source;
    const [open, close] = delimiters;
    const begin = this.at;
    const trims = spaced && text.startsWith(`-${close}`, begin);
    const joins = text.startsWith(`\\${close}\n${open}`, begin);
    if (!trims && !joins && !text.startsWith(close, begin)) {
      if (begin >= text.length) throw new TemplateError(this.source, start, "unclosed action");
      return undefined;
    }
    this.at += close.length + (trims || joins ? 1 : 0);
    if (asToken) this.push("close", begin, this.at);
    if (joins) this.at += 1;
    return trims;
  }

  word(start: number, spaced: boolean): void {
    const begin = this.at;
    for (const [kind, pattern] of WORDS) {
      const text = this.take(pattern);
      if (text === undefined) continue;
      if (kind !== "constant") return void this.tokens.push({ kind, text, at: begin, spaced });
      const value = readConstant(text, (problem) => new TemplateError(this.source, begin, problem));
      return void this.tokens.push({ kind, text, at: begin, spaced, value });
    }
    const char = String.fromCodePoint(this.source.text.codePointAt(begin) ?? 0);
    const open = ['"', "`", "'"].includes(char);
    const problem = open ? `unterminated quoted string` : `unexpected ${JSON.stringify(char)} in action`;
    throw new TemplateError(this.source, open ? begin : Math.max(begin, start), problem);
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [match] = pattern.exec(this.source.text) ?? [];
    if (match !== undefined) this.at += match.length;
    return match;
  }

  push(kind: TokenKind, from: number, to: number): void {
    this.tokens.push({ kind, text: this.source.text.slice(from, to), at: from, spaced: false });
  }
}
