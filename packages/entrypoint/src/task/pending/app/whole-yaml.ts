import { isScalar, parseDocument, visit, type Scalar, type YAMLMap } from "yaml";

/** What YAML 1.1 takes for a number, or JavaScript for another one, and Ruby writes as it stands. */
const SAME_IN_RUBY = /^(?:[1-9]\d*|0\d*[89]\d*|\d*[eE][+-]?\d+)$/;

/** What Ruby takes for more than a text, in capitals or not; YAML 1.1 has fewer capitals, and `y` and `n` beside these. */
const WORDS: readonly (readonly [RegExp, boolean | null])[] = [
  [/^(?:yes|true|on)$/i, true],
  [/^(?:no|false|off)$/i, false],
  [/^null$/i, null],
];
const LETTERS = /^[yn]$/i;

/** A symbol of Ruby's, which is a text without its colon. */
const SYMBOL = /^:([A-Za-z_]\w*)$/;

/** Texts to YAML 1.1 that may be symbols, numbers with commas, infinity or moments to Ruby. */
const ONLY_RUBY = /^(?::.*|[-+]?[\d.][\w.+-]*,[\w.,+-]*|[-+]?\.(?:inf|nan)|-?\d{4}-\d{1,2}-\d{1,2}(?:[Tt\s].*)?)$/is;

/**
 * Reads YAML as Ruby's parser does: `yes` is true, and `<<` merges. A number is one that both write in the same way, or else a
 * text, or `NaN` where only Ruby can tell which.
 * @throws YAMLParseError for what is none; Error for a `<<` behind other keys, whose values Ruby takes from what is merged,
 *   contrary to YAML
 */
export function parseWholeYaml(text: string): unknown {
  const document = parseDocument(text, { version: "1.1", merge: true, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  visit(document, { Map: refuseLateMerge, Scalar: readAsRuby });
  return document.toJS();
}

function refuseLateMerge(_: unknown, { items }: YAMLMap): void {
  const isLate = items.some(({ key }, at) => at > 0 && isScalar(key) && key.source === "<<");
  if (isLate) throw new Error("a << stands behind other keys, which it replaces in Ruby");
}

function readAsRuby(_: unknown, scalar: Scalar): void {
  const { type, tag, value, source = "" } = scalar;
  if (tag !== undefined) scalar.value = typeof value === "string" ? value : NaN;
  else if (type === "PLAIN") scalar.value = plainValue(value, source);
}

function plainValue(value: unknown, source: string): unknown {
  if (typeof value === "number") return String(value) === source ? value : SAME_IN_RUBY.test(source) ? source : NaN;
  if (LETTERS.test(source)) return source;
  const [, word = value] = WORDS.find(([words]) => words.test(source)) ?? [];
  if (typeof word !== "string") return word;
  return SYMBOL.exec(source)?.[1] ?? (ONLY_RUBY.test(source) ? NaN : value);
}
