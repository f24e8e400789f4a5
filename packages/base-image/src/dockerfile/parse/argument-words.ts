import type { ParsedWord, Span } from "./parsed.ts";
import { isBlank, isSpace } from "./space.ts";

/** Words between blanks; quotes mean nothing here. */
export function splitAtBlanks(text: string, { start, end }: Span): readonly ParsedWord[] {
  const words: ParsedWord[] = [];
  let from = start;
  for (let at = start; at < end; at += 1) {
    if (!isBlank(text.charCodeAt(at))) continue;
    words.push({ text: text.slice(from, at), start: from, end: at });
    while (isBlank(text.charCodeAt(at + 1)) && at + 1 < end) at += 1;
    from = at + 1;
  }
  if (end > start) words.push({ text: text.slice(from, end), start: from, end });
  return words;
}

/** Words between blanks that are not quoted or escaped, with their quotes: the arguments of `ENV`, `LABEL` and `ARG`. */
export function splitQuoted(text: string, { start, end }: Span, escape: string): readonly ParsedWord[] {
  const words: ParsedWord[] = [];
  let at = start;
  while (at < end) {
    if (isSpace(text.charCodeAt(at))) at += 1;
    else {
      const word = quotedWord(text, at, end, escape.charCodeAt(0));
      if (word.text !== "") words.push(word);
      at = word.end;
    }
  }
  return words;
}

/** The word that begins at `start`. An escape character at the very end is not part of it. */
function quotedWord(text: string, start: number, end: number, escape: number): ParsedWord {
  let quote = 0;
  let at = start;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (quote === 0 && isSpace(code)) break;
    if (code === escape && quote !== 0x27) {
      if (at + 1 === end) return { text: text.slice(start, at), start, end };
      at += 1;
    } else if (code === quote) quote = 0;
    else if (quote === 0 && (code === 0x22 || code === 0x27)) quote = code;
    at += 1;
  }
  return { text: text.slice(start, Math.min(at, end)), start, end: Math.min(at, end) };
}
