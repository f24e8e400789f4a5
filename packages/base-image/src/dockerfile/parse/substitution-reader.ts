import type { Modifier, Variable } from "../text.ts";
import { checkPattern, modifierOf } from "./modifier.ts";
import { nameEnd } from "./variable-name.ts";
import { literalOf, textOf, type WordPart } from "./word-part.ts";

/** How a word is read; BuildKit has these settings for different jobs. */
export interface WordRules {
  /** The escape character: a backslash or a backtick. */
  readonly escape: string;
  /** Quotes stay in the text. */
  readonly rawQuotes?: boolean;
  /** Escape characters stay in the text. */
  readonly rawEscapes?: boolean;
  /** Quotes are ordinary characters, as in the body of a heredoc. */
  readonly plainQuotes?: boolean;
  /** Variables stay in the text as they are written, whatever their modifiers. */
  readonly rawVariables?: boolean;
}

/** Why a word cannot be read, as BuildKit says it, and where. */
export interface WordFault {
  readonly code: "quote-unmatched" | "substitution" | "nesting";
  readonly reason: string;
  readonly start: number;
}

/** `${…}` within `${…}` is read this deep; far deeper than any file, far from the end of the stack. */
const DEPTH = 200;

export const MISSING_BRACE = "syntax error: missing '}'";

/** Reads `$NAME` and `${…}`; what stands inside of these is a word again, which `read` reads. */
export abstract class SubstitutionReader {
  fault: WordFault | undefined;
  protected readonly source: string;
  protected readonly rules: WordRules;
  protected at: number;
  private depth = 0;

  constructor(source: string, rules: WordRules) {
    this.source = source;
    this.rules = rules;
    // Go's scanner drops a byte-order mark at the beginning of any text.
    this.at = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  /** Reads up to and over `stop`, or to the end; nothing where that cannot be done, which `fault` says. */
  abstract read(stop: string | undefined, rawEscapes: boolean): readonly WordPart[] | undefined;

  protected dollar(): string | Variable | undefined {
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
    if (!braces && name === "") return "$";
    if (braces && source.charAt(this.at) !== "}") return this.modified(name, start);
    if (braces) this.at += 1;
    return this.rules.rawVariables === true ? source.slice(start, this.at) : { kind: "variable", name };
  }

  protected fail(code: WordFault["code"], reason: string, at: number): undefined {
    if (code === "quote-unmatched") this.at = this.source.length;
    this.fault = { code, reason, start: at };
    return undefined;
  }

  private modified(name: string, start: number): string | Variable | undefined {
    if (this.depth === DEPTH) return this.fail("nesting", `more than ${DEPTH} substitutions inside each other`, start);
    this.depth += 1;
    const modifier = this.source.charAt(this.at) === "/" ? this.replacement(start) : this.modifier(start);
    this.depth -= 1;
    if (modifier === undefined) return undefined;
    if (typeof modifier === "string") return `\${${name}${modifier}}`;
    const reason = checkPattern(modifier);
    return reason === undefined ? { kind: "variable", name, modifier } : this.fail("substitution", reason, start);
  }

  private modifier(start: number): Modifier | string | undefined {
    const from = this.at;
    const sign = from + (this.source.charAt(from) === ":" ? 1 : 0);
    const written = this.source.slice(from, sign + 1);
    if (!/^(?::[^#%]?|[+?#%-])$/s.test(written)) return this.unsupported(written === "" ? "\uFFFD" : written, start);
    this.at = sign + 1;
    const parts = this.read("}", written.endsWith("#") || written.endsWith("%"));
    if (parts === undefined) return this.missing(MISSING_BRACE, start);
    if (this.rules.rawVariables === true) return written + literalOf(parts);
    return modifierOf(written, textOf(parts)) ?? this.unsupported(written, start);
  }

  private replacement(start: number): Modifier | string | undefined {
    const operator = this.source.charAt(this.at + 1) === "/" ? "//" : "/";
    this.at += operator.length;
    const pattern = this.read("/", true);
    if (pattern === undefined) return this.missing("syntax error: missing '/' in ${}", start);
    const replacement = this.read("}", true);
    if (replacement === undefined) return this.missing(MISSING_BRACE, start);
    // BuildKit writes both kinds back with one slash.
    if (this.rules.rawVariables === true) return `/${literalOf(pattern)}/${literalOf(replacement)}`;
    return { operator, word: textOf(pattern), replacement: textOf(replacement) };
  }

  private unsupported(written: string, at: number): undefined {
    return this.fail("substitution", `unsupported modifier (${written}) in substitution`, at);
  }

  /** Whatever went wrong inside: at the end of the text, what BuildKit misses is the end of the substitution. */
  private missing(reason: string, at: number): undefined {
    if (this.at >= this.source.length && this.fault?.code !== "nesting") this.fail("substitution", reason, at);
    return undefined;
  }
}
