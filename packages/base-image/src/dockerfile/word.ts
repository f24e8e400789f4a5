import { BaseImageError } from "../errors.ts";
import { partsOf, type Text } from "./text.ts";

const PLAIN = /^[A-Za-z0-9_./:@%+,=~*?-]+$/;
const CONTROL = /[^\P{Cc}\t\u0080-\u009F]/u;
const NEEDS_QUOTES = /[\\"'$]/;

/** What {@link word} is quoting, for its errors. */
export type WordPlace = string;

/**
 * One word as BuildKit's word lexer reads it: bare where every character is harmless, else in double quotes, where a
 * backslash, a double quote and a dollar are escaped. The lexer knows no escape for a line end.
 * @see https://github.com/moby/buildkit/blob/master/frontend/dockerfile/shell/lex.go
 */
export function word(text: Text, place: WordPlace): string {
  const parts = partsOf(text);
  for (const part of parts) if (typeof part === "string") assertOneLine(part, place);
  const bare = parts.every((part) => typeof part !== "string" || PLAIN.test(part));
  const body = parts.map((part) => (typeof part === "string" ? escapeInQuotes(part) : `\${${part.name}}`)).join("");
  return bare && body !== "" ? body : `"${body}"`;
}

/** One element of a COPY in JSON form, which BuildKit passes through the word lexer after decoding it. */
export function jsonWord(text: Text, place: WordPlace): string {
  const parts = partsOf(text);
  const quoted = parts.some((part) => typeof part === "string" && NEEDS_QUOTES.test(part));
  const element = quoted ? word(text, place) : unquoted(text, place);
  return JSON.stringify(element);
}

/** Whether a word can stand unquoted between blanks. */
export function isPlainWord(rendered: string): boolean {
  return !rendered.startsWith('"');
}

/** Refuses text that would end its line, or that no image could hold. */
export function assertOneLine(text: string, place: WordPlace): void {
  const found = CONTROL.exec(text);
  if (found === null) return;
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `${place} holds the control character ${JSON.stringify(found[0])} in ${JSON.stringify(text)}; expected a single line`,
    { hint: "Put text of several lines into a file with .write(path, body), or into the script of a RUN." },
  );
}

function unquoted(text: Text, place: WordPlace): string {
  return partsOf(text)
    .map((part) => {
      if (typeof part !== "string") return `\${${part.name}}`;
      assertOneLine(part, place);
      return part;
    })
    .join("");
}

function escapeInQuotes(literal: string): string {
  return literal.replaceAll(/[\\"$]/g, String.raw`\$&`);
}
