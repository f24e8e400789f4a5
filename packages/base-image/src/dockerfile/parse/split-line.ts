import type { ParsedFlag, Span } from "./parsed.ts";
import { isBlank, isSpace, skipSpace, trimSpaceEnd } from "./space.ts";

/** An instruction's line in its three parts; spans are of the logical line. */
export interface SplitLine {
  readonly keyword: string;
  readonly keywordSpan: Span;
  readonly flags: readonly ParsedFlag[];
  /** What is behind the flags, without blanks around. */
  readonly args: Span;
}

const NO_FLAGS: readonly ParsedFlag[] = [];

/** Splits the stretch of a logical line that is an instruction. */
export function splitLine(text: string, span: Span): SplitLine {
  const end = trimSpaceEnd(text, span.start, span.end);
  const start = skipSpace(text, span.start, end);
  let at = start;
  while (at < end && !isBlank(text.charCodeAt(at))) at += 1;
  const keywordSpan = { start, end: at };
  while (at < end && isBlank(text.charCodeAt(at))) at += 1;
  if (!text.startsWith("--", skipSpace(text, at, end)))
    return {
      keyword: text.slice(start, keywordSpan.end),
      keywordSpan,
      flags: NO_FLAGS,
      args: { start: skipSpace(text, at, end), end },
    };
  const reader = new FlagReader(text, at, end);
  const flags = reader.read();
  const from = skipSpace(text, reader.at, end);
  return { keyword: text.slice(start, keywordSpan.end), keywordSpan, flags, args: { start: from, end } };
}

/**
 * Reads words that begin with `--`, with quotes and backslashes of their own, up to the first word that does not or to
 * `--`. BuildKit reads bytes here and makes a character of each, so text that is not ASCII comes out changed, and the
 * bytes 0x85 and 0xA0 end a word.
 */
class FlagReader {
  at: number;
  private readonly text: string;
  private readonly end: number;
  private word = "";
  private quoted = false;

  constructor(text: string, start: number, end: number) {
    this.text = text;
    this.at = start;
    this.end = end;
  }

  read(): readonly ParsedFlag[] {
    const flags: ParsedFlag[] = [];
    for (;;) {
      const start = skipSpace(this.text, this.at, this.end);
      this.at = start;
      if (start + 1 >= this.end || !this.text.startsWith("--", start)) return flags;
      this.readWord();
      const { word } = this;
      if (word === "--") return flags;
      if (word !== "" || this.quoted) flags.push(flagOf(word, start, this.at));
    }
  }

  /** Reads to the blank that ends the word, or to the end of the line. */
  private readWord(): void {
    const { text, end } = this;
    this.word = "";
    this.quoted = false;
    let quote = "";
    for (this.takePlain(); this.at < end; this.takePlain()) {
      const character = text.charAt(this.at);
      if (quote === "" && isSpace(text.charCodeAt(this.at)) && text.charCodeAt(this.at) < 0x80) return;
      this.at += 1;
      if (character === quote) quote = "";
      else if (quote === "" && (character === "'" || character === '"')) {
        quote = character;
        this.quoted = true;
      } else if (character === "\\") {
        this.at += 1;
        if (this.at <= end) this.take(text.charAt(this.at - 1), true);
      } else if (!this.take(character, quote !== "")) return;
    }
    this.at = Math.min(this.at, end);
  }

  /** Puts the characters into the word that are only themselves, quoted or not. */
  private takePlain(): void {
    const from = this.at;
    while (this.at < this.end && isPlain(this.text.charCodeAt(this.at))) this.at += 1;
    if (this.at > from) this.word += this.text.slice(from, this.at);
  }

  /** Puts a character into the word; false where one of its bytes ends it. */
  private take(character: string, kept: boolean): boolean {
    if (character.charCodeAt(0) < 0x80) {
      this.word += character;
      return true;
    }
    const whole = this.text.codePointAt(this.at - 1) ?? 0;
    const point = String.fromCodePoint(whole);
    this.at += point.length - 1;
    for (const byte of Buffer.from(point)) {
      if (!kept && (byte === 0x85 || byte === 0xa0)) return false;
      this.word += String.fromCharCode(byte);
    }
    return true;
  }
}

/** ASCII but blanks, quotes and backslashes. */
function isPlain(code: number): boolean {
  return code > 0x20 && code < 0x80 && code !== 0x22 && code !== 0x27 && code !== 0x5c;
}

function flagOf(word: string, start: number, end: number): ParsedFlag {
  const sign = word.indexOf("=");
  if (sign === -1) return { name: word.slice(2), start, end };
  return { name: word.slice(2, sign), value: word.slice(sign + 1), start, end };
}
