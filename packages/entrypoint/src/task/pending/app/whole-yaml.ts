import { parse } from "yaml";

/** Reads YAML as Ruby's parser does: `yes` is true, and `<<` merges. */
export function parseWholeYaml(text: string): unknown {
  return parse(text, { version: "1.1", merge: true, prettyErrors: false });
}
