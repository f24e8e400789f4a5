import { isScalar, parseDocument, visit, type Scalar, type YAMLMap } from "yaml";

/** What YAML 1.1 takes for a number, or JavaScript for another one, and Ruby writes as it stands. */
const SAME_IN_RUBY = /^(?:[1-9]\d*|0\d*[89]\d*|\d*[eE][+-]?\d+)$/;

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
  visit(document, { Map: refuseLateMerge, Scalar: keepText });
  return document.toJS();
}

function refuseLateMerge(_: unknown, { items }: YAMLMap): void {
  const isLate = items.some(({ key }, at) => at > 0 && isScalar(key) && key.source === "<<");
  if (isLate) throw new Error("a << stands behind other keys, which it replaces in Ruby");
}

function keepText(_: unknown, scalar: Scalar): void {
  const { value, source = "" } = scalar;
  if (typeof value !== "number" || String(value) === source) return;
  scalar.value = SAME_IN_RUBY.test(source) ? source : Number.NaN;
}
