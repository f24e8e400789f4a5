/**
 * A value of a template. A `bigint` is an integer of the template's text, a `number` what JSON calls a number; `null` is a
 * value that is not there.
 */
export type Value = string | boolean | bigint | number | null | readonly Value[] | ValueMap;

/** Keys in the order of their bytes, as Go prints and walks them. */
export type ValueMap = ReadonlyMap<string, Value>;

/** A map with its keys in order. */
export function mapOf(entries: Iterable<readonly [string, Value]>): ValueMap {
  return new Map([...new Map(entries)].toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
}

/** The value of a JSON document. */
export function valueOf(json: unknown): Value {
  if (json === null || typeof json === "string" || typeof json === "boolean" || typeof json === "number") return json;
  if (Array.isArray(json)) return json.map(valueOf);
  return mapOf(Object.entries(json as object).map(([key, value]): [string, Value] => [key, valueOf(value)]));
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ValueMap {
  return value instanceof Map;
}

/** Whether `if` takes its first branch: empty things, zero and what is not there are false. */
export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return value.size > 0;
  return Boolean(value);
}

/** Go's name of the value's type, for messages. */
export function typeOf(value: Value): string {
  if (value === null) return "nil";
  if (isList(value)) return "[]interface {}";
  if (isMap(value)) return "map[string]interface {}";
  return { string: "string", boolean: "bool", bigint: "int", number: "float64" }[
    typeof value as "string" | "boolean" | "bigint" | "number"
  ];
}

/** The text that an action with this value leaves in the output. */
export function printValue(value: Value): string {
  return value === null ? "<no value>" : printNested(value);
}

/** The text of a value inside a list, a map or `printf`. */
export function printNested(value: Value): string {
  if (value === null) return "<nil>";
  if (isList(value)) return `[${value.map(printNested).join(" ")}]`;
  if (isMap(value)) return `map[${[...value].map(([key, item]) => `${key}:${printNested(item)}`).join(" ")}]`;
  return typeof value === "number" ? printFloat(value) : String(value);
}

/** A float as Go's `%v` writes it: the shortest digits, with an exponent below 1e-4 and from 1e6 on. */
export function printFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (Object.is(value, -0)) return "-0";
  const [digits = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
