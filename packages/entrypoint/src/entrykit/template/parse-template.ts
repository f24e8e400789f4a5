import { tokenize } from "./lexer.ts";
import { parsePipe } from "./parse-pipeline.ts";
import { ParseState } from "./parse-state.ts";
import type { TemplateSource } from "./position.ts";
import type { Branch, Node, Pipe, Template } from "./tree.ts";

/** What the parser has to know beside the text. */
export interface ParseOptions {
  /** Says why a function cannot be called; `undefined` when it can. */
  readonly refusal: (name: string) => string | undefined;
  /** Variables that are there from the beginning, with their `$`. */
  readonly variables: readonly string[];
}

/**
 * Parses the language of Go's text/template: actions, pipelines, `if`, `else if`, `with`, `range`, `define`, `block`,
 * `template`, variables and comments (https://pkg.go.dev/text/template).
 * @throws TemplateError
 */
export function parseTemplate(source: TemplateSource, options: ParseOptions): Template {
  const state = new ParseState(source, tokenize(source), options.refusal, options.variables);
  const defined = new Map<string, readonly Node[]>();
  const body = parseBody(state, defined, []);
  if (state.peek().kind !== "end") throw state.error(state.peek().at, `unexpected {{${state.peek(1).text}}}`);
  return { body, defined };
}

type Defined = Map<string, readonly Node[]>;

/** Nodes up to an action with one of these words, at which it stops. */
function parseBody(state: ParseState, defined: Defined, until: readonly string[]): readonly Node[] {
  const nodes: Node[] = [];
  for (;;) {
    const token = state.peek();
    if (token.kind === "text") {
      nodes.push({ kind: "text", text: token.text, at: token.at });
      state.at += 1;
    } else if (token.kind === "end" || until.includes(keyword(state))) {
      return nodes;
    } else {
      nodes.push(...parseAction(state, defined));
    }
  }
}

/** The first word of the action that begins here. */
function keyword(state: ParseState): string {
  const word = state.peek(1);
  return word.kind === "word" ? word.text : "";
}

function parseAction(state: ParseState, defined: Defined): readonly Node[] {
  const { at } = state.next();
  const word = state.peek();
  switch (word.kind === "word" ? word.text : "") {
    case "if":
    case "with":
    case "range":
      return [parseBranch(state, defined, at)];
    case "define":
      return parseDefine(state, defined, at);
    case "block":
      return [parseBlock(state, defined, at)];
    case "template":
      return [parseInvocation(state, at)];
    case "end":
    case "else":
      throw state.error(at, `unexpected {{${word.text}}}`);
    default: {
      const pipe = parsePipe(state, "command");
      state.variables = withDeclared(state, pipe);
      state.expect("close", "command");
      return [{ kind: "action", pipe, at: pipe.at }];
    }
  }
}

function withDeclared(state: ParseState, pipe: Pipe): readonly string[] {
  return pipe.assigns ? state.variables : [...state.variables, ...pipe.variables];
}

function parseBranch(state: ParseState, defined: Defined, at: number): Branch {
  return state.scope(() => {
    const kind = state.next().text as Branch["kind"];
    const pipe = parsePipe(state, kind);
    state.expect("close", kind);
    state.variables = withDeclared(state, pipe);
    const body = state.scope(() => parseBody(state, defined, ["else", "end"]));
    const otherwise = state.scope(() => parseElse(state, defined, kind, at));
    return { kind, pipe, body, otherwise, at };
  });
}

/** What follows the body: `{{else if}}` without an end of its own, `{{else}}`, or nothing; then the end. */
function parseElse(state: ParseState, defined: Defined, kind: Branch["kind"], at: number): readonly Node[] {
  if (keyword(state) !== "else") {
    parseEnd(state, kind, at);
    return [];
  }
  state.at += 2;
  const { kind: next, text, at: place } = state.peek();
  if (next === "word" && text === "if" && kind === "if") return [parseBranch(state, defined, place)];
  state.expect("close", "else");
  const nodes = parseBody(state, defined, ["else", "end"]);
  parseEnd(state, kind, at);
  return nodes;
}

function parseEnd(state: ParseState, kind: string, at: number): void {
  if (state.peek().kind === "end") throw state.error(at, `{{${kind}}} without {{end}}`);
  if (keyword(state) !== "end") throw state.error(state.peek().at, "expected end; found {{else}}");
  state.at += 2;
  state.expect("close", "end");
}

function parseDefine(state: ParseState, defined: Defined, at: number): readonly Node[] {
  if (state.depth > 0) throw state.error(at, "unexpected {{define}}: it cannot stand inside another action");
  state.at += 1;
  const name = parseName(state, "define clause");
  state.expect("close", "define clause");
  defineTemplate(state, defined, { name, at, kind: "define" });
  return [];
}

function parseBlock(state: ParseState, defined: Defined, at: number): Node {
  state.at += 1;
  const name = parseName(state, "block clause");
  const pipe = parsePipe(state, "block clause");
  state.expect("close", "block clause");
  defineTemplate(state, defined, { name, at, kind: "block" });
  return { kind: "template", name, pipe, at };
}

/** A defined template sees no variable but `$`, which is what it is called with. */
function defineTemplate(
  state: ParseState,
  defined: Defined,
  { name, at, kind }: { readonly name: string; readonly at: number; readonly kind: string },
): void {
  const body = state.scope(() => {
    state.variables = ["$"];
    return parseBody(state, defined, ["else", "end"]);
  });
  parseEnd(state, kind, at);
  if (defined.has(name)) throw state.error(at, `multiple definition of template "${name}"`);
  defined.set(name, body);
}

function parseInvocation(state: ParseState, at: number): Node {
  state.at += 1;
  const name = parseName(state, "template clause");
  const pipe = state.peek().kind === "close" ? undefined : parsePipe(state, "template clause");
  state.expect("close", "template clause");
  return { kind: "template", name, pipe, at };
}

function parseName(state: ParseState, where: string): string {
  const { value } = state.expect("constant", where);
  if (typeof value === "string") return value;
  state.at -= 1;
  return state.unexpected(where);
}
