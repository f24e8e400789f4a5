import { BaseImageError } from "../errors.ts";
import { partsOf, type Modifier, type Piece, type Text } from "./text.ts";

const PLAIN = /^[A-Za-z0-9_./:@%+,=~*?-]+$/;
const CONTROL = /[^\P{Cc}\t\u0080-\u009F]/u;
const NEEDS_QUOTES = /[\\"'$]|^[\s\u0085]|[\s\u0085]$/;

/** What {@link word} is quoting, for its errors. */
export type WordPlace = string;

/**
 * One word as BuildKit's word lexer reads it: bare where every character is harmless, else in double quotes, where a
 * backslash, a double quote and a dollar are escaped; two hyphens at its beginning would be a flag. The lexer knows no
 * escape for a line end.
 * @see https://github.com/moby/buildkit/blob/master/frontend/dockerfile/shell/lex.go
 */
export function word(text: Text, place: WordPlace): string {
  if (typeof text === "string") return literalWord(text, place);
  const parts = partsOf(text);
  for (const part of parts) if (typeof part === "string") assertOneLine(part, place);
  const pieces = parts.some((part) => typeof part !== "string" && part.modifier !== undefined);
  const rendered = pieces ? parts.map((part) => piece(part, place)).join("") : wholeWord(parts);
  return notAFlag(rendered);
}

function literalWord(text: string, place: WordPlace): string {
  if (PLAIN.test(text)) return notAFlag(text);
  assertOneLine(text, place);
  return `"${escapeInQuotes(text)}"`;
}

function notAFlag(rendered: string): string {
  return rendered.startsWith("--") ? `"--"${rendered.slice(2)}` : rendered;
}

/** A word without modifiers: quoted as a whole, or not at all. */
function wholeWord(parts: readonly Piece[]): string {
  const bare = parts.every((part) => typeof part !== "string" || PLAIN.test(part));
  const body = parts.map((part) => (typeof part === "string" ? escapeInQuotes(part) : `\${${part.name}}`)).join("");
  return bare && body !== "" ? body : `"${body}"`;
}

/** One element of a COPY in JSON form, which BuildKit passes through the word lexer after decoding it. */
export function jsonWord(text: Text, place: WordPlace): string {
  const parts = partsOf(text);
  const quoted = parts.some((part) =>
    typeof part === "string" ? NEEDS_QUOTES.test(part) : part.modifier !== undefined,
  );
  const element = quoted ? word(text, place) : unquoted(text, place);
  return JSON.stringify(element);
}

/** Whether a word can stand unquoted between blanks, where BuildKit cuts at blanks without looking at quotes. */
export function isPlainWord(rendered: string): boolean {
  return !/["'\\\s]/.test(rendered);
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

/** A piece that quotes itself, as beside a modifier, whose word is quoted whatever stands around it. */
function piece(part: Piece, place: WordPlace): string {
  if (typeof part === "string") return PLAIN.test(part) || part === "" ? part : `"${escapeInQuotes(part)}"`;
  return `\${${part.name}${part.modifier === undefined ? "" : modifier(part.modifier, place)}}`;
}

function modifier({ operator, word: inner, replacement }: Modifier, place: WordPlace): string {
  const second = replacement === undefined ? "" : `/${modifierWord(replacement, place)}`;
  return `${operator}${modifierWord(inner, place)}${second}`;
}

/** Single quotes keep everything, also the backslashes that a pattern has for itself. */
function modifierWord(text: Text, place: WordPlace): string {
  return partsOf(text)
    .map((part) => {
      if (typeof part !== "string") return piece(part, place);
      assertOneLine(part, place);
      return part.split("'").map(quotedOnce).join(`"'"`);
    })
    .join("");
}

function quotedOnce(literal: string): string {
  return /^[A-Za-z0-9_.:@+,=~*?-]*$/.test(literal) ? literal : `'${literal}'`;
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
