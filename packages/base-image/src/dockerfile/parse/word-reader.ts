import type { Variable } from "../text.ts";
import { MISSING_BRACE, SubstitutionReader, type WordFault, type WordRules } from "./substitution-reader.ts";
import type { WordPart } from "./word-part.ts";

export type { WordFault } from "./substitution-reader.ts";

/** What {@link readWord} returns: the pieces, or why there are none. */
export type WordResult = { readonly parts: readonly WordPart[] } | { readonly fault: WordFault };

/**
 * Reads a word by the rules of BuildKit's lexer: quotes, escapes, variables with their modifiers.
 * @see https://github.com/moby/buildkit/blob/master/frontend/dockerfile/shell/lex.go
 */
export function readWord(source: string, rules: WordRules): WordResult {
  const reader = new WordReader(source, rules);
  const parts = reader.read(undefined, rules.rawEscapes === true);
  if (parts !== undefined) return { parts };
  return { fault: reader.fault ?? { code: "substitution", reason: "cannot be read", start: 0 } };
}

class WordReader extends SubstitutionReader {
  /** Reads up to and over `stop`, or to the end. */
  read(stop: string | undefined, rawEscapes: boolean): readonly WordPart[] | undefined {
    const parts: WordPart[] = [];
    while (this.at < this.source.length) {
      if (this.source.charAt(this.at) === stop) {
        this.at += 1;
        return parts;
      }
      if (!this.piece(parts, stop, rawEscapes)) return undefined;
    }
    this.at = this.source.length;
    return stop === undefined ? parts : this.fail("substitution", MISSING_BRACE, this.at);
  }

  private piece(parts: WordPart[], stop: string | undefined, rawEscapes: boolean): boolean {
    const { source, rules } = this;
    const start = this.at;
    const character = source.charAt(start);
    if (rules.plainQuotes !== true && character === "'") return this.single(parts);
    if (rules.plainQuotes !== true && character === '"') return this.double(parts, rawEscapes);
    if (character === "$") {
      const value = this.dollar();
      if (value !== undefined) parts.push({ value, quoted: false, start, end: this.at });
      return value !== undefined;
    }
    if (character === rules.escape) {
      this.at += 2;
      parts.push({
        value: (rawEscapes ? character : "") + source.charAt(start + 1),
        quoted: true,
        start,
        end: this.at,
      });
    } else parts.push(this.plain(stop));
    return true;
  }

  /** Characters that mean themselves; `<<` keeps the blanks behind it, which makes a heredoc's marker one word. */
  private plain(stop: string | undefined): WordPart {
    const { source } = this;
    const at = this.at;
    if (source.startsWith("<<", at)) {
      this.at += 2;
      while (this.at < source.length && " \t\r\n".includes(source.charAt(this.at))) this.at += 1;
      return { value: source.slice(at, this.at), quoted: true, start: at, end: this.at };
    }
    this.at += 1;
    while (this.at < source.length && !this.isSpecial(source.charAt(this.at), stop)) this.at += 1;
    return { value: source.slice(at, this.at), quoted: false, start: at, end: this.at };
  }

  private isSpecial(character: string, stop: string | undefined): boolean {
    return "$<'\"".includes(character) || character === stop || character === this.rules.escape;
  }

  private single(parts: WordPart[]): boolean {
    const at = this.at;
    const end = this.source.indexOf("'", at + 1);
    if (end === -1) {
      this.fail("quote-unmatched", "unexpected end of statement while looking for matching single-quote", at);
      return false;
    }
    this.at = end + 1;
    const raw = this.rules.rawQuotes === true;
    const value = raw ? this.source.slice(at, end + 1) : this.source.slice(at + 1, end);
    parts.push({ value, quoted: true, start: at, end: this.at });
    return true;
  }

  private double(parts: WordPart[], rawEscapes: boolean): boolean {
    const { source, rules } = this;
    const start = this.at;
    const value = rules.rawQuotes === true ? '"' : "";
    this.at += 1;
    parts.push({ value, quoted: true, start, end: this.at });
    while (this.at < source.length) {
      const at = this.at;
      if (source.charAt(at) === '"') {
        this.at += 1;
        parts.push({ value, quoted: true, start: at, end: this.at });
        return true;
      }
      const piece = this.inQuotes(rawEscapes);
      if (piece === undefined) return false;
      parts.push({ value: piece, quoted: true, start: at, end: this.at });
    }
    this.fail("quote-unmatched", "unexpected end of statement while looking for matching double-quote", start);
    return false;
  }

  private inQuotes(rawEscapes: boolean): string | Variable | undefined {
    const { source, rules } = this;
    const at = this.at;
    if (source.charAt(at) === "$") return this.dollar();
    if (source.charAt(at) === rules.escape) return this.escapeInQuotes(rawEscapes);
    while (this.at < source.length && !'"$'.includes(source.charAt(this.at)) && source.charAt(this.at) !== rules.escape)
      this.at += 1;
    return source.slice(at, this.at);
  }

  /** An escape in double quotes counts only before `"`, `$` and itself; else it stays, twice where escapes are kept. */
  private escapeInQuotes(rawEscapes: boolean): string {
    const { escape } = this.rules;
    const next = this.source.charAt(this.at + 1);
    const kept = rawEscapes ? escape : "";
    this.at += 1;
    if (next === "") return kept;
    if (next !== '"' && next !== "$" && next !== escape) return kept + escape;
    this.at += 1;
    return kept + next;
  }
}
