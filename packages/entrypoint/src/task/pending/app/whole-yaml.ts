import { isScalar, parseDocument, visit, type YAMLMap } from "yaml";

/**
 * Reads YAML as Ruby's parser does: `yes` is true, and `<<` merges.
 * @throws YAMLParseError for what is none; Error for a `<<` behind other keys, whose values Ruby takes from what is merged,
 *   contrary to YAML
 */
export function parseWholeYaml(text: string): unknown {
  const document = parseDocument(text, { version: "1.1", merge: true, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  visit(document, { Map: refuseLateMerge });
  return document.toJS();
}

function refuseLateMerge(_: unknown, { items }: YAMLMap): void {
  const isLate = items.some(({ key }, at) => at > 0 && isScalar(key) && key.source === "<<");
  if (isLate) throw new Error("a << stands behind other keys, which it replaces in Ruby");
}
