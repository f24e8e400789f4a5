import { decodeBytes, encodeText } from "../bytes.ts";
import { COMPARISONS } from "./compare.ts";
import { format } from "./format.ts";
import { FunctionFailure, takes, textOf, type FunctionTable } from "./function-table.ts";
import { isList, isMap, isTrue, printNested, printValue, typeOf, type Value } from "./value.ts";

/** The functions that Go's text/template itself has, without `call` (https://pkg.go.dev/text/template#hdr-Functions). */
export const GO_FUNCTIONS: FunctionTable = {
  ...COMPARISONS,
  and: takes([1, Infinity], (args) =>
    args.every(isTrue) ? (args.at(-1) ?? null) : (args.find((arg) => !isTrue(arg)) ?? null),
  ),
  or: takes([1, Infinity], (args) => args.find(isTrue) ?? args.at(-1) ?? null),
  not: takes(1, ([value = null]) => !isTrue(value)),
  len: takes(1, ([value = null]) => BigInt(lengthOf(value))),
  index: takes([1, Infinity], ([value = null, ...keys]) => keys.reduce(itemOf, value)),
  slice: takes([1, 3], ([value = null, ...bounds]) => slice(value, bounds)),
  print: takes([0, Infinity], (args) => print(args)),
  println: takes([0, Infinity], (args) => `${args.map(printNested).join(" ")}\n`),
  printf: takes([1, Infinity], ([pattern, ...values]) => format(textOf("printf", pattern), values)),
  html: takes([0, Infinity], (args) => printed(args).replaceAll(/[<>&"'\0]/g, (character) => HTML[character] ?? "")),
  js: takes([0, Infinity], (args) => printed(args).replaceAll(JS_SPECIAL, escapeJs)),
  urlquery: takes([0, Infinity], (args) =>
    encodeURIComponent(Buffer.from(printed(args)).toString())
      .replaceAll("%20", "+")
      .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
  ),
};

/** A space stands between two values only when neither is a string. */
function print(values: readonly Value[]): string {
  return values
    .map((value, index) => {
      const before = values[index - 1];
      const apart = before !== undefined && typeof before !== "string" && typeof value !== "string";
      return (apart ? " " : "") + printNested(value);
    })
    .join("");
}

/** As an action would leave it: what is not there is `<no value>`. */
function printed(values: readonly Value[]): string {
  return print(values.map((value) => value ?? printValue(value)));
}

function lengthOf(value: Value): number {
  if (typeof value === "string") return encodeText(value).length;
  if (isList(value)) return value.length;
  if (isMap(value)) return value.size;
  throw new FunctionFailure(`len of type ${typeOf(value)}`);
}

function itemOf(value: Value, key: Value): Value {
  if (isMap(value)) return value.get(textOf("index of a map", key)) ?? null;
  if (typeof value !== "string" && !isList(value)) {
    throw new FunctionFailure(`can't index item of type ${typeOf(value)}`);
  }
  const at = boundOf(key, lengthOf(value) - 1);
  return typeof value === "string" ? BigInt(encodeText(value)[at] ?? 0) : (value[at] ?? null);
}

function slice(value: Value, bounds: readonly Value[]): Value {
  if (typeof value !== "string" && !isList(value)) {
    throw new FunctionFailure(`can't slice item of type ${typeOf(value)}`);
  }
  const length = lengthOf(value);
  const [from = 0, to = length] = bounds.map((bound) => boundOf(bound, length));
  if (from > to) throw new FunctionFailure(`invalid slice index: ${String(from)} > ${String(to)}`);
  return typeof value === "string" ? decodeBytes(encodeText(value).subarray(from, to)) : value.slice(from, to);
}

function boundOf(value: Value, most: number): number {
  if (typeof value !== "bigint") throw new FunctionFailure(`cannot index with type ${typeOf(value)}`);
  if (value < 0n || value > BigInt(most)) throw new FunctionFailure(`index out of range: ${String(value)}`);
  return Number(value);
}

const HTML: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&#34;",
  "'": "&#39;",
  "\0": "\uFFFD",
};

// oxlint-disable-next-line no-control-regex -- control characters are among what has to be escaped
const JS_SPECIAL = /[\\'"<>&=\u0000-\u001f]/g;

function escapeJs(character: string): string {
  if (`\\'"`.includes(character)) return `\\${character}`;
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
