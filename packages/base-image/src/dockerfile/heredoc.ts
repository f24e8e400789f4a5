import { BaseImageError } from "../errors.ts";

/** A heredoc ready to write: the marker for the instruction's line, and the lines that follow it. */
export interface Heredoc {
  readonly marker: string;
  readonly lines: string;
}

/**
 * Wraps a body so that BuildKit hands it on unchanged: the delimiter is quoted, so nothing expands, and it is chosen so
 * that no line of the body equals it. BuildKit takes carriage returns off a line before it compares; other readers take
 * blanks and tabs too.
 */
export function heredoc(body: string, place: string): Heredoc {
  if (body.includes("\0")) {
    throw new BaseImageError("BASE_IMAGE_INVALID_VALUE", `${place} holds a NUL character; expected text`);
  }
  const text = body.endsWith("\n") || body === "" ? body : `${body}\n`;
  const taken = new Set(text.split("\n").map((line) => line.trim()));
  let delimiter = "EOF";
  for (let n = 2; taken.has(delimiter); n += 1) delimiter = `EOF${n}`;
  return { marker: `<<"${delimiter}"`, lines: `${text}${delimiter}\n` };
}
