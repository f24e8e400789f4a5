import type { Token, TokenKind } from "./lexer.ts";
import { DEEPEST_NESTING } from "./limits.ts";
import { TemplateError, type TemplateSource } from "./position.ts";

/** The tokens of a template as the parser goes through them, and the variables it has seen. */
export class ParseState {
  readonly source: TemplateSource;
  readonly tokens: readonly Token[];
  /** Says why a function cannot be called; `undefined` when it can. */
  readonly refusal: (name: string) => string | undefined;
  variables: readonly string[] = ["$"];
  at = 0;
  depth = 0;

  constructor(
    source: TemplateSource,
    tokens: readonly Token[],
    refusal: (name: string) => string | undefined,
    variables: readonly string[],
  ) {
    this.source = source;
    this.tokens = tokens;
    this.refusal = refusal;
    this.variables = ["$", ...variables];
  }

  peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)];
    if (token === undefined) throw new Error("a template without tokens");
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  takeIf(kind: TokenKind): Token | undefined {
    return this.peek().kind === kind ? this.next() : undefined;
  }

  expect(kind: TokenKind, where: string): Token {
    return this.takeIf(kind) ?? this.unexpected(where);
  }

  unexpected(where: string): never {
    const { kind, text, at } = this.peek();
    const what = kind === "end" ? "end of the template" : JSON.stringify(text);
    throw this.error(at, `unexpected ${what} in ${where}`);
  }

  error(at: number, problem: string): TemplateError {
    return new TemplateError(this.source, at, problem);
  }

  /** Parses something whose variables end with it. */
  scope<T>(work: () => T): T {
    const before = this.variables;
    this.depth += 1;
    if (this.depth > DEEPEST_NESTING)
      throw this.error(this.peek().at, `nested more than ${String(DEEPEST_NESTING)} deep`);
    const result = work();
    this.variables = before;
    this.depth -= 1;
    return result;
  }
}
