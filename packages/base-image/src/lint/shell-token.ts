/** A token of shell text; offsets of the text. */
export interface Token {
  readonly kind: "word" | "separator" | "redirection" | "heredoc" | "comment" | "blank";
  /** As written. */
  readonly text: string;
  /** A word without its quotes. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const SEPARATORS = ["&&", "||", ";;", "|&", ";", "&", "|", "(", ")", "\n"];
const REDIRECTION = /(?:\d*(?:<<<|>>|>&|<&|>\||<>|>|<)|&>>?)/y;
const HEREDOC = /\d*<<-?[ \t]*(?:'[^'\n]*'|"[^"\n]*"|\\?[\w.-]+)/y;
const BLANK = /(?:[ \t\r]|\\\r?\n)+/y;
const COMMENT = /#[^\n]*/y;

/** The token that begins at an offset. */
export function readToken(text: string, start: number): Token {
  const blank = matchAt(BLANK, text, start);
  if (blank !== undefined) return token("blank", text, start, start + blank.length);
  if (text[start] === "#") return token("comment", text, start, start + (matchAt(COMMENT, text, start) ?? "#").length);
  const heredoc = matchAt(HEREDOC, text, start);
  if (heredoc !== undefined && !text.startsWith("<<<", start)) {
    return token("heredoc", text, start, start + heredoc.length);
  }
  const redirection = matchAt(REDIRECTION, text, start);
  if (redirection !== undefined) return token("redirection", text, start, start + redirection.length);
  const separator = SEPARATORS.find((each) => text.startsWith(each, start));
  if (separator !== undefined) return token("separator", text, start, start + separator.length);
  return readWord(text, start);
}

function token(kind: Token["kind"], text: string, start: number, end: number): Token {
  const written = text.slice(start, end);
  return { kind, text: written === "|&" ? "|" : written, value: written, start, end };
}

function readWord(text: string, start: number): Token {
  const values: string[] = [];
  let offset = start;
  while (offset < text.length && !/[\s;&|()<>]/.test(text.charAt(offset))) {
    const end = behindPart(text, offset);
    values.push(partValue(text.slice(offset, end)));
    offset = end;
  }
  const end = Math.max(offset, start + 1);
  return { kind: "word", text: text.slice(start, end), value: values.join(""), start, end };
}

/** The end of a quoted part, a substitution, an escaped character, or of one character. */
function behindPart(text: string, start: number): number {
  const char = text[start];
  if (char === "'") return behind(text, "'", start + 1);
  if (char === '"') return behindDouble(text, start + 1);
  if (char === "`") return behindBackquote(text, start + 1);
  if (char === "\\") return Math.min(start + 2, text.length);
  if (char === "$" && text[start + 1] === "'") return behindAnsi(text, start + 2);
  if (char === "$" && text[start + 1] === "(") return behindClosing(text, start + 2, ")");
  if (char === "$" && text[start + 1] === "{") return behindClosing(text, start + 2, "}");
  return start + 1;
}

function partValue(part: string): string {
  if (part.startsWith("'")) return part.replaceAll("'", "");
  if (part.startsWith('"')) return part.slice(1, part.length > 1 ? -1 : 1).replaceAll(/\\(["\\$`])/g, "$1");
  if (part === "\\\n") return "";
  return part.startsWith("\\") ? part.slice(1) : part;
}

function behind(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end === -1 ? text.length : end + 1;
}

function behindAnsi(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && text[offset] !== "'") offset += text[offset] === "\\" ? 2 : 1;
  return Math.min(offset + 1, text.length);
}

function behindBackquote(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && text[offset] !== "`") offset += text[offset] === "\\" ? 2 : 1;
  return Math.min(offset + 1, text.length);
}

function behindDouble(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && text[offset] !== '"') {
    const nested = text[offset] === "$" || text[offset] === "`" || text[offset] === "\\";
    offset = nested && text[offset + 1] !== "'" ? behindPart(text, offset) : offset + 1;
  }
  return Math.min(offset + 1, text.length);
}

function behindClosing(text: string, from: number, closing: ")" | "}"): number {
  const opening = closing === ")" ? "(" : "{";
  let depth = 1;
  let offset = from;
  while (offset < text.length && depth > 0) {
    const char = text[offset];
    if (char === closing) depth -= 1;
    else if (char === opening) depth += 1;
    offset = char === closing || char === opening ? offset + 1 : behindPart(text, offset);
  }
  return offset;
}

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}
