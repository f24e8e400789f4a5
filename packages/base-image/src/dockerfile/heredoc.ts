import { BaseImageError } from "../errors.ts";
import type { Heredoc } from "./instruction.ts";

/** A body that nothing expands in, under a delimiter that no line of it equals. */
export function heredoc(body: string, place: string): Heredoc {
  if (body.includes("\0")) {
    throw new BaseImageError("BASE_IMAGE_INVALID_VALUE", `${place} holds a NUL character; expected text`);
  }
  const text = body.endsWith("\n") || body === "" ? body : `${body}\n`;
  return { name: delimiter(text), body: text, expand: false };
}

/** What stands on the instruction's line: `<<"EOF"`. */
export function heredocMarker({ name, expand, stripTabs, fd }: Heredoc): string {
  return `${fd ?? ""}<<${stripTabs === true ? "-" : ""}${expand ? name : `"${name}"`}`;
}

/** The lines below the instruction. */
export function heredocLines({ name, body }: Heredoc): string {
  return `${body}${name}\n`;
}

/**
 * `EOF`, or with a number that no line of the body has. BuildKit takes carriage returns off a line before it compares;
 * other readers take blanks and tabs too.
 */
function delimiter(text: string): string {
  if (!text.includes("EOF")) return "EOF";
  const taken = new Set(text.split("\n").map((line) => line.trim()));
  let name = "EOF";
  for (let n = 2; taken.has(name); n += 1) name = `EOF${n}`;
  return name;
}
