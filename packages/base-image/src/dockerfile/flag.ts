import { BaseImageError } from "../errors.ts";
import { mountFields, type Mount, type MountField } from "./mount.ts";
import { partsOf, type Text } from "./text.ts";
import { word } from "./word.ts";

/** ASCII that neither the reader of flags nor that of heredocs takes for more than itself. */
const HARMLESS = /^[!#%&(-[\]-~]*$/;

/**
 * `--name=value`. BuildKit takes flags off the line byte by byte, with quotes and backslashes of their own, before any
 * other reader sees them; so only ASCII gets through. It also looks for heredocs in the whole line as it stands, and finds
 * none where a `${` does not end; so every dollar is escaped but that of a plain variable.
 */
export function flag(name: string, value: string): string {
  if (HARMLESS.test(value)) return `--${name}=${value}`;
  const found = /[^ -~]/u.exec(value);
  if (found !== null) {
    throw new BaseImageError(
      "BASE_IMAGE_INVALID_VALUE",
      `--${name} is ${JSON.stringify(value)}; expected ASCII characters, which is all that BuildKit reads in a flag`,
    );
  }
  return `--${name}=${value.replaceAll(/[ "'\\]|(?<=\\)\$|\$(?!\{\w+\})/g, String.raw`\$&`)}`;
}

/** A flag whose value goes on to the word lexer. */
export function wordFlag(name: string, value: Text): string {
  return flag(name, escaped(value, `--${name}`));
}

/** `--mount=`, whose value is a line of CSV with a word in each field. */
export function mountFlag(mount: Mount): string {
  return flag("mount", csvLine(mountFields(mount).map((field) => fieldText(mount, field))));
}

/** A line of CSV: a field with a comma, a quote, or a blank at its beginning stands in quotes. */
export function csvLine(fields: readonly string[]): string {
  return fields.map((field) => (/[",]|^ /.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",");
}

function fieldText({ type }: Mount, { key, value }: MountField): string {
  if (value === undefined) return key;
  if (key === "from" && typeof value === "string") return `${key}=${value}`;
  return `${key}=${typeof value === "number" ? value : escaped(value, `the ${key} of a ${type} mount`)}`;
}

/** A word whose special characters are escaped one by one: quotes would have to be escaped again. */
function escaped(text: Text, place: string): string {
  if (typeof text === "string") return escapedLiteral(text);
  const parts = partsOf(text);
  if (parts.some((part) => typeof part !== "string" && part.modifier !== undefined)) return word(text, place);
  return parts.map((part) => (typeof part === "string" ? escapedLiteral(part) : `\${${part.name}}`)).join("");
}

function escapedLiteral(text: string): string {
  return HARMLESS.test(text) ? text : text.replaceAll(/[\\"'$]/g, String.raw`\$&`);
}
