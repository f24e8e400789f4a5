/** Text with its ERB carried out as far as it is understood. What is not stands as a mark in the place of a value. */
export type Rendered = { readonly text: string } | { readonly unclear: string };

/** What Ruby in a value is asked of: the environment, and which of Rails' environments it is. */
export interface ErbScope {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly railsEnv: string;
}

const TAG = /<%(.*?)-?%>/gs;
/** Before a tag: a key, and on the same line what its value begins with; or a comment. */
const IN_VALUE = /^\s*(?:[\w:-]+:\s[^#]*|#.*)$/;
const MARK = "__ruby_not_understood__";

/**
 * Carries ERB out where it is a comment, a literal, `Rails.env`, or `ENV` with a fallback (`ENV["X"] || "y"`,
 * `ENV.fetch("X", "y")`, `ENV.fetch("X") { "y" }`). Other Ruby as a value only matters where that value is used; other
 * statements may write anything.
 */
export function renderErb(text: string, scope: ErbScope): Rendered {
  let unclear: string | undefined;
  const rendered = text.replace(TAG, (_, body: string, at: number) => {
    if (body.startsWith("#")) return "";
    const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
    const value = body.startsWith("=") ? valueOf(body.slice(1).trim(), scope) : undefined;
    if (value !== undefined) return value;
    if (!body.startsWith("=") || !IN_VALUE.test(line)) {
      const number = text.slice(0, at).split("\n").length;
      unclear ??= `line ${String(number)} has Ruby that is more than a value`;
    }
    return MARK;
  });
  return unclear === undefined ? { text: rendered } : { unclear };
}

/** Whether some of a value was Ruby that is not understood. */
export function isMarked(value: unknown): boolean {
  return typeof value === "string" && value.includes(MARK);
}

/** One operand of `||`. */
const OPERAND = String.raw`(?:"[^"\\#]*"|'[^'\\]*'|[^|"'])+`;
const ALTERNATIVES = new RegExp(String.raw`^(${OPERAND})(?:\|\|(.*))?$`, "s");
const TEXT = /^(?<quote>["'])(?<text>(?:(?!\k<quote>)[^\\#])*)\k<quote>$/;
const BARE = /^(?:-?\d+(?:\.\d+)?|true|false)$/;
const LOOKED_UP = /^ENV\[(?<quote>["'])(?<name>\w+)\k<quote>\]$/;
const FETCHED =
  /^ENV\.fetch\(\s*(?<quote>["'])(?<name>\w+)\k<quote>\s*(?:\)|,\s*(?<fallback>.+?)\s*\)|\)\s*\{\s*(?<block>.*?)\s*\})$/s;

/** What an expression prints; `undefined` when it is not understood, or would be an error in Ruby. */
function valueOf(expression: string, scope: ErbScope): string | undefined {
  const value = evaluate(expression, scope);
  return value === undefined ? undefined : (value ?? "");
}

/** `null` is Ruby's `nil`. */
function evaluate(expression: string, scope: ErbScope): string | null | undefined {
  const [, first = "", rest] = ALTERNATIVES.exec(expression) ?? [];
  const value = evaluateOne(first.trim(), scope);
  if (value === undefined) return undefined;
  if (rest === undefined) return value;
  // Ruby's `false` and the text of it look the same here.
  if (value === "false") return undefined;
  return value ?? evaluate(rest.trim(), scope);
}

function evaluateOne(expression: string, scope: ErbScope): string | null | undefined {
  if (expression === "nil") return null;
  if (expression === "Rails.env") return scope.railsEnv;
  if (BARE.test(expression)) return expression;
  const text = TEXT.exec(expression)?.groups?.["text"];
  return text ?? lookUp(expression, scope);
}

function lookUp(expression: string, scope: ErbScope): string | null | undefined {
  const name = LOOKED_UP.exec(expression)?.groups?.["name"];
  if (name !== undefined) return scope.env[name] ?? null;
  const fetched = FETCHED.exec(expression)?.groups;
  if (fetched === undefined) return undefined;
  return scope.env[fetched["name"] ?? ""] ?? evaluate(fetched["fallback"] ?? fetched["block"] ?? "", scope);
}
