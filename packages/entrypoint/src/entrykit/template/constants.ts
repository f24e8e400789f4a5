import type { Value } from "./value.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

const ESCAPE = /\\(?:x(?<hex>[\da-fA-F]{2})|u(?<short>[\da-fA-F]{4})|U(?<long>[\da-fA-F]{8})|(?<octal>[0-7]{3})|.)/gsu;

/** The value of a string, a raw string, a character (its number) or a number, as Go writes them. */
export function readConstant(text: string, wrong: (problem: string) => Error): Value {
  if (text.startsWith("`")) return text.slice(1, -1).replaceAll("\r", "");
  if (text.startsWith('"')) return unescape(text.slice(1, -1), wrong);
  if (text.startsWith("'")) return readCharacter(text, wrong);
  return readNumber(text, wrong);
}

function unescape(text: string, wrong: (problem: string) => Error): string {
  return text.replaceAll(ESCAPE, (whole, ...match) => {
    const { hex, short, long, octal } = match.at(-1) as Readonly<Record<string, string | undefined>>;
    const digits = hex ?? short ?? long;
    const code = digits === undefined ? Number.parseInt(octal ?? "", 8) : Number.parseInt(digits, 16);
    if (code <= 0x10ffff) return String.fromCodePoint(code);
    const { [whole.slice(1)]: plain } = ESCAPES;
    if (plain === undefined) throw wrong(`unknown escape ${whole} in string`);
    return plain;
  });
}

function readCharacter(text: string, wrong: (problem: string) => Error): bigint {
  const characters = Array.from(unescape(text.slice(1, -1), wrong));
  const [character = ""] = characters;
  if (characters.length !== 1) throw wrong(`malformed character constant: ${text}`);
  return BigInt(character.codePointAt(0) ?? 0);
}

function readNumber(text: string, wrong: (problem: string) => Error): Value {
  const sign = text.startsWith("-") ? "-" : "";
  const digits = text.replace(/^[+-]/, "").replaceAll("_", "");
  if (/^\d+$/.test(digits)) {
    const octal = /^0[0-7]+$/.test(digits);
    return BigInt(octal ? `0o${digits.slice(1)}` : digits) * (sign === "" ? 1n : -1n);
  }
  if (/^0[xXbBoO][\da-fA-F]+$/.test(digits)) return BigInt(digits) * (sign === "" ? 1n : -1n);
  const float = Number(digits);
  if (Number.isNaN(float) || digits === "") throw wrong(`bad number syntax: ${text}`);
  return sign === "" ? float : -float;
}
