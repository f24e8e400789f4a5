import { nearest } from "../dockerfile/known-keys.ts";
import { BaseImageError } from "../errors.ts";

/** Names out of a table; refuses others, with the near spelling. */
export function chosen<Name extends string>(
  key: string,
  names: readonly Name[],
  known: readonly string[],
): readonly Name[] {
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw invalid(key, name, `${known.join(", ")}${near === undefined ? "" : ` (did you mean ${near}?)`}`);
  }
  return names;
}

/** The refusal of an option's value. */
export function invalid(key: string, value: unknown, expected: string): BaseImageError {
  return new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `rubyNode: ${key} is ${JSON.stringify(value)}; expected ${expected}`,
  );
}
