const WIDTH = 100;

interface Piece {
  readonly text: string;
  /** What stands between this piece and the one before it. */
  readonly join: "start" | "and" | "blank";
}

/**
 * Breaks shell text into the lines a reader expects: one command a line at `&&`, long commands at blanks. Only blanks
 * outside quotes become line breaks, and BuildKit joins the lines again, so the shell sees the same words. Text that
 * {@link shellWords} does not read to its end stays on one line.
 */
export function foldShell(text: string, firstColumn: number): readonly string[] {
  const isShort = text.length + firstColumn <= WIDTH;
  if (isShort && text.indexOf("&&") === text.lastIndexOf("&&")) return [text];
  const pieces = splitShell(text);
  const commands = pieces.filter((piece) => piece.join === "and").length + 1;
  if (isShort && commands <= 2) return [text];
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces) {
    const column = lines.length === 0 ? firstColumn : 0;
    if (piece.join === "start") line = piece.text;
    else if (piece.join === "and") {
      lines.push(line);
      line = ` && ${piece.text}`;
    } else if (line.length + column + piece.text.length + 3 > WIDTH) {
      lines.push(line);
      line = `      ${piece.text}`;
    } else line = `${line} ${piece.text}`;
  }
  return [...lines, line];
}

/** `$` with what it expands, or alone; a command in `$(…)` only where it is bare words, none of which is `case`. */
const DOLLAR = String.raw`\$(?:\{\w+\}|\((?![^)]*\bcase\b)[\w./:@%+,= -]+\)|(?![{(\[]))`;

/** A part of a word: single quotes, double quotes, an escaped character, a variable, or a character that is only itself. */
const PARTS = [
  String.raw`'[^'\n]*'`,
  String.raw`"(?:[^"\\$${"`"}\n]|\\[^\n]|${DOLLAR})*"`,
  String.raw`\\[^\n]`,
  String.raw`(?!\$['"])${DOLLAR}`,
  String.raw`(?<=[\w/])#`,
  String.raw`[^\p{White_Space}\p{Cc}'"\\$${"`"}#]`,
];

/** The blanks of a shell, with the line breaks that BuildKit joins; or a word. Neither begins a comment. The group is the blanks. */
const TOKEN = new RegExp(String.raw`((?:[ \t]|(?<=[ \t])\\\n)+)|(?:${PARTS.join("|")})+`, "uy");

/**
 * The words of shell text, quotes and all. Nothing where the text holds more than the rules here read for certain:
 * comments, backquotes, quotes inside substitutions, blanks that are not the shell's.
 */
export function shellWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let end = 0;
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    end = TOKEN.lastIndex;
    if (token[1] === undefined) words.push(token[0]);
  }
  return end === text.length ? words : undefined;
}

function splitShell(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let join: Piece["join"] = "start";
  for (const word of shellWords(text) ?? [text]) {
    if (word === "&&" && join === "blank") join = "and";
    else {
      pieces.push({ text: word, join });
      join = "blank";
    }
  }
  return join === "and" ? [{ text, join: "start" }] : pieces;
}
