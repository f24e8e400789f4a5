const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;
const SPECIAL = "@*#?-$!0";

/** The end of the variable's name that begins at `start`: a word, digits alone, or one special character. */
export function nameEnd(source: string, start: number): number {
  const first = source.codePointAt(start);
  if (first === undefined) return start;
  let at = start;
  if (isDigit(first)) {
    while (at < source.length && isDigit(source.codePointAt(at) ?? 0)) at += width(source, at);
    return at;
  }
  if (SPECIAL.includes(String.fromCodePoint(first))) return start + 1;
  while (at < source.length && isNamePart(source.codePointAt(at) ?? 0)) at += width(source, at);
  return at;
}

/** A letter or a digit of any script, or `_`. */
export function isNamePart(code: number): boolean {
  if (code < 0x80) {
    const letter = code | 0x20;
    return (letter >= 0x61 && letter <= 0x7a) || isDigit(code) || code === 0x5f;
  }
  return LETTER.test(String.fromCodePoint(code)) || isDigit(code);
}

function isDigit(code: number): boolean {
  if (code < 0x80) return code >= 0x30 && code <= 0x39;
  return DIGIT.test(String.fromCodePoint(code));
}

function width(source: string, at: number): number {
  return (source.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
