import { isList, isMap, type Value, type ValueMap } from "./value.ts";

/** A value as Go's `json.Marshal` writes it: keys in order, `<`, `>` and `&` escaped. */
export function writeJson(value: Value): string {
  if (isList(value)) return `[${value.map(writeJson).join(",")}]`;
  if (isMap(value)) return `{${[...value].map(([key, item]) => `${writeText(key)}:${writeJson(item)}`).join(",")}}`;
  return typeof value === "string" ? writeText(value) : String(value);
}

function writeText(text: string): string {
  return JSON.stringify(text).replaceAll(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** The value a JSON pointer leads to (RFC 6901), `null` when there is none. */
export function pointTo(path: string, start: ValueMap): Value {
  if (path === "") return start;
  if (!path.startsWith("/")) return null;
  let value: Value = start;
  for (const word of path.slice(1).split("/")) {
    const key = word.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isMap(value)) value = value.get(key) ?? null;
    else value = isList(value) && /^\d+$/.test(key) ? (value[Number(key)] ?? null) : null;
  }
  return value;
}
