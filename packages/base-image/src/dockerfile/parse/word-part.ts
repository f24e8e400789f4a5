import type { Piece, Text, Variable } from "../text.ts";

/** A piece of a word; `quoted` pieces are not split at blanks. */
export interface WordPart {
  readonly value: string | Variable;
  readonly quoted: boolean;
  /** Where the piece stands in the source. */
  readonly start: number;
  readonly end: number;
}

/** Pieces as the text of an instruction: literals joined, a single literal as a string. */
export function textOf(parts: readonly WordPart[]): Text {
  const pieces: Piece[] = [];
  for (const { value } of parts) {
    const last = pieces.at(-1);
    if (typeof value === "string" && typeof last === "string") pieces[pieces.length - 1] = last + value;
    else if (value !== "") pieces.push(value);
  }
  const [only = ""] = pieces;
  return pieces.length <= 1 && typeof only === "string" ? only : { kind: "expandable", parts: pieces };
}

/** Pieces none of which is a variable, joined. */
export function literalOf(parts: readonly WordPart[]): string {
  return parts.map(({ value }) => (typeof value === "string" ? value : "")).join("");
}
