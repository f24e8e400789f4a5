import type { Modifier, Variable } from "../text.ts";
import { checkPattern, modifierOf } from "./modifier.ts";
import { nameEnd } from "./variable-name.ts";
import { textOf, type WordPart } from "./word-part.ts";

/** How {@link readWord} treats quotes and escapes; BuildKit has these settings for different jobs. */
export interface WordRules {
  /** The escape character: a backslash or a backtick. */
  readonly escape: string;
  /** Quotes stay in the text. */
  readonly rawQuotes?: boolean;
  /** Escape characters stay in the text. */
  readonly rawEscapes?: boolean;
  /** Quotes are ordinary characters, as in the body of a heredoc. */
  readonly plainQuotes?: boolean;
}

/** Why a word cannot be read, as BuildKit says it, and where. */
export interface WordFault {
  readonly code: "quote-unmatched" | "substitution" | "nesting";
  readonly reason: string;
  readonly start: number;
}

/** What {@link readWord} returns: the pieces, or why there are none. */
export type WordResult = { readonly parts: readonly WordPart[] } | { readonly fault: WordFault };

/** `${…}` within `${…}` is read this deep; far deeper than any file, far from the end of the stack. */
const DEPTH = 200;

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

const MISSING_BRACE = "syntax error: missing '}'";

class WordReader {
  fault: WordFault | undefined;
  private readonly source: string;
  private readonly rules: WordRules;
  private at: number;
  private depth = 0;

  constructor(source: string, rules: WordRules) {
    this.source = source;
    this.rules = rules;
    // Go's scanner drops a byte-order mark at the beginning of any text.
    this.at = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

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

  private dollar(): string | Variable | undefined {
    const { source } = this;
    const start = this.at;
    const braces = source.charAt(start + 1) === "{";
    const from = braces ? start + 2 : start + 1;
    if (braces && ["", "{", "}", ":"].includes(source.charAt(from))) {
      this.at = from;
      return this.fail("substitution", from < source.length ? "syntax error: bad substitution" : MISSING_BRACE, start);
    }
    this.at = nameEnd(source, from);
    const name = source.slice(from, this.at);
    if (!braces) return name === "" ? "$" : { kind: "variable", name };
    if (source.charAt(this.at) === "}") {
      this.at += 1;
      return { kind: "variable", name };
    }
    if (this.depth === DEPTH) return this.fail("nesting", `more than ${DEPTH} substitutions inside each other`, start);
    this.depth += 1;
    const modifier = source.charAt(this.at) === "/" ? this.replacement(start) : this.modifier(start);
    this.depth -= 1;
    return modifier && { kind: "variable", name, modifier };
  }

  private modifier(start: number): Modifier | undefined {
    const from = this.at;
    const sign = from + (this.source.charAt(from) === ":" ? 1 : 0);
    const written = this.source.slice(from, sign + 1);
    if (!/^[:+?#%-]/.test(written)) return this.unsupported(written === "" ? "\uFFFD" : written, start);
    this.at = sign + 1;
    const parts = this.read("}", written.endsWith("#") || written.endsWith("%"));
    if (parts === undefined) return this.missing(MISSING_BRACE, start);
    const modifier = modifierOf(written, textOf(parts));
    return modifier === undefined ? this.unsupported(written, start) : this.checked(modifier, start);
  }

  private replacement(start: number): Modifier | undefined {
    const operator = this.source.charAt(this.at + 1) === "/" ? "//" : "/";
    this.at += operator.length;
    const pattern = this.read("/", true);
    if (pattern === undefined) return this.missing("syntax error: missing '/' in ${}", start);
    const replacement = this.read("}", true);
    if (replacement === undefined) return this.missing(MISSING_BRACE, start);
    return this.checked({ operator, word: textOf(pattern), replacement: textOf(replacement) }, start);
  }

  private checked(modifier: Modifier, at: number): Modifier | undefined {
    const reason = checkPattern(modifier);
    return reason === undefined ? modifier : this.fail("substitution", reason, at);
  }

  private unsupported(written: string, at: number): undefined {
    return this.fail("substitution", `unsupported modifier (${written}) in substitution`, at);
  }

  /** Whatever went wrong inside: at the end of the text, what BuildKit misses is the end of the substitution. */
  private missing(reason: string, at: number): undefined {
    if (this.at >= this.source.length && this.fault?.code !== "nesting") this.fail("substitution", reason, at);
    return undefined;
  }

  private fail(code: WordFault["code"], reason: string, at: number): undefined {
    if (code === "quote-unmatched") this.at = this.source.length;
    this.fault = { code, reason, start: at };
    return undefined;
  }
}
