const WIDTH = 100;

/** Where quotes may stand inside quotes, the text stays on one line rather than being guessed at. */
const NESTED_QUOTES = /"[^"]*(?:\$\([^)]*["'`(]|`|\$\{[^}]*["'])|\$'/;

interface Piece {
  readonly text: string;
  /** What stands between this piece and the one before it. */
  readonly join: "start" | "and" | "blank";
}

/**
 * Breaks shell text into the lines a reader expects: one command a line at `&&`, long commands at blanks. Only blanks
 * outside quotes become line breaks, and BuildKit joins the lines again, so the shell sees the same words. A break never
 * comes before a `#`, because BuildKit drops continued lines that begin with one.
 */
export function foldShell(text: string, firstColumn: number): readonly string[] {
  const pieces = splitShell(text);
  const commands = pieces.filter((piece) => piece.join === "and").length + 1;
  if (commands <= 2 && text.length + firstColumn <= WIDTH) return [text];
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces) {
    const column = lines.length === 0 ? firstColumn : 0;
    if (piece.join === "start") line = piece.text;
    else if (piece.join === "and") {
      lines.push(line);
      line = ` && ${piece.text}`;
    } else if (line.length + column + piece.text.length + 3 > WIDTH && !piece.text.startsWith("#")) {
      lines.push(line);
      line = `      ${piece.text}`;
    } else line = `${line} ${piece.text}`;
  }
  return [...lines, line];
}

function splitShell(text: string): readonly Piece[] {
  if (NESTED_QUOTES.test(text)) return [{ text, join: "start" }];
  const pieces: Piece[] = [];
  let join: Piece["join"] = "start";
  for (const token of shellWords(text)) {
    if (token === "&&" && pieces.length > 0) join = "and";
    else {
      pieces.push({ text: token, join });
      join = "blank";
    }
  }
  return join === "and" ? [{ text, join: "start" }] : pieces;
}

/** A word: quoted pieces, escaped characters and everything else that is not a blank. A run of blanks counts as one. */
const WORD = /(?:'[^']*'|"(?:\\[^]|[^"\\])*"|\\[^]|[^\s'"\\]|['"].*$)+/g;

function shellWords(text: string): readonly string[] {
  return text.match(WORD) ?? [];
}
