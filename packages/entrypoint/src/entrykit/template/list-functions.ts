import { FunctionFailure, listOf, takes, textOf, type FunctionTable } from "./function-table.ts";
import { matchesGlob } from "./glob.ts";
import { LONGEST_SEQUENCE } from "./limits.ts";
import { isList, isMap, mapOf, type Value } from "./value.ts";

/** Sigil's functions of lists and maps. Where Sigil's order is random it is that of the first appearance. */
export const LIST_FUNCTIONS: FunctionTable = {
  seq: takes(1, ([count = null]) => sequence(count)),
  append: takes(2, ([item = null, list]) => [...listOf("append", list), item]),
  drop: takes(2, ([item = null, list]) => drop(item, listOf("drop", list))),
  uniq: takes([0, Infinity], (lists) => [...new Set(lists.flatMap((list) => listOf("uniq", list)))]),
  split: takes(2, ([by, text]) => split(textOf("split", by), textOf("split", text))),
  join: takes(2, ([by, list]) => {
    const texts = listOf("join", list).filter((item) => typeof item === "string");
    return texts.join(textOf("join", by));
  }),
  splitkv: takes(2, ([by, list]) => {
    const separator = textOf("splitkv", by);
    return mapOf(listOf("splitkv", list).map((item) => pairOf(separator, textOf("splitkv", item))));
  }),
  joinkv: takes(2, ([by, map = null]) => {
    if (!isMap(map)) throw new FunctionFailure("joinkv must be given a map of strings");
    return [...map].map(([key, value]) => `${key}${textOf("joinkv", by)}${textOf("joinkv", value)}`);
  }),
};

function sequence(count: Value): readonly Value[] {
  const length = typeof count === "string" && /^[+-]?\d+$/.test(count) ? BigInt(count.replace(/^\+/, "")) : count;
  if (typeof length !== "bigint" || length < 0n) {
    throw new FunctionFailure("seq must be given an integer or numeric string that is not negative");
  }
  if (length > LONGEST_SEQUENCE) throw new FunctionFailure(`seq of more than ${String(LONGEST_SEQUENCE)}`);
  return Array.from({ length: Number(length) }, (_, index) => String(index));
}

/** A string is a pattern. */
function drop(item: Value, list: readonly Value[]): readonly Value[] {
  if (typeof item === "string") return list.filter((other) => !matchesGlob(item, textOf("drop", other)));
  return list.filter((other) => isList(other) || other !== item);
}

/** Without a separator a text splits into its characters. */
function split(by: string, text: string): readonly Value[] {
  return by === "" ? Array.from(text) : text.split(by);
}

/** What has no separator is a key that is true. */
function pairOf(separator: string, text: string): [string, Value] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, true] : [text.slice(0, at), text.slice(at + separator.length)];
}
