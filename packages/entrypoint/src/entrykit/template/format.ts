import { encodeText } from "../bytes.ts";
import { FunctionFailure } from "./function-table.ts";
import { isList, isMap, printFloat, printNested, typeOf, type Value } from "./value.ts";

const WIDEST = 9_999;
const MOST_PRECISE = 999;

const VERB = /%(?<flags>[-+# 0]*)(?<width>\d+)?(?:\.(?<precision>\d+)?)?(?<verb>[^\d.]|$)/gsu;

/**
 * The verbs of Go's `fmt` that values of templates have a use for: `v s q d f e g x X o b c t T` and `%%`, with flags,
 * width and precision; of a list or a map, each item is formatted. Go writes a verb that does not fit into the text, as
 * `%!d(string=x)`; here that is an error.
 * @throws FunctionFailure
 */
export function format(pattern: string, values: readonly Value[]): string {
  const rest = [...values];
  const text = pattern.replaceAll(VERB, (...match) => {
    const groups = match.at(-1) as Record<string, string | undefined>;
    const { flags = "", width = "", verb = "" } = groups;
    if (verb === "%") return "%";
    const value = rest.shift();
    if (verb === "" || value === undefined) throw new FunctionFailure(`printf: nothing to write for ${match[0]}`);
    const precision = match[0].includes(".") ? Number(groups["precision"] ?? 0) : undefined;
    if (Number(width) > WIDEST || (precision ?? 0) > MOST_PRECISE) {
      const most = `a width up to ${String(WIDEST)} and a precision up to ${String(MOST_PRECISE)}`;
      throw new FunctionFailure(`printf: ${match[0]}: expected ${most}`);
    }
    return writeNested({ flags, width: Number(width), precision }, value, verb);
  });
  if (rest.length === 0) return text;
  throw new FunctionFailure(`printf: ${String(rest.length)} more values than ${JSON.stringify(pattern)} has verbs`);
}

interface Shape {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
}

function writeNested(shape: Shape, value: Value, verb: string): string {
  if (verb === "T" || (!isList(value) && !isMap(value))) return pad(shape, value, verb);
  if (isList(value)) return `[${value.map((item) => writeNested(shape, item, verb)).join(" ")}]`;
  const pairs = [...value].map(([key, item]) => `${pad(shape, key, verb)}:${writeNested(shape, item, verb)}`);
  return `map[${pairs.join(" ")}]`;
}

function pad(shape: Shape, value: Value, verb: string): string {
  const text = write(shape, value, verb);
  if (text === undefined) throw new FunctionFailure(`printf: %${verb} does not fit a value of type ${typeOf(value)}`);
  const signed = shape.flags.includes("+") && isNumber(value) && /^\d/.test(text) ? `+${text}` : text;
  const missing = shape.width - Array.from(signed).length;
  if (missing <= 0) return signed;
  if (shape.flags.includes("-")) return signed + " ".repeat(missing);
  if (!shape.flags.includes("0") || !isNumber(value)) return " ".repeat(missing) + signed;
  return signed.replace(/^[-+]?/, (sign) => sign + "0".repeat(missing));
}

function isNumber(value: Value): boolean {
  return typeof value === "bigint" || typeof value === "number";
}

function write(shape: Shape, value: Value, verb: string): string | undefined {
  if (verb === "v") return printNested(value);
  if (verb === "T") return typeOf(value);
  if (typeof value === "string") return writeText(shape, value, verb);
  if (typeof value === "bigint") return writeInteger(value, verb);
  if (typeof value === "number") return writeFloat(shape, value, verb);
  return typeof value === "boolean" && verb === "t" ? String(value) : undefined;
}

function writeText({ precision }: Shape, value: string, verb: string): string | undefined {
  const text = precision === undefined ? value : Array.from(value).slice(0, precision).join("");
  if (verb === "s") return text;
  if (verb === "q") return quote(text);
  if (verb === "x" || verb === "X") {
    const hex = encodeText(text).toString("hex");
    return verb === "x" ? hex : hex.toUpperCase();
  }
  return undefined;
}

function writeInteger(value: bigint, verb: string): string | undefined {
  const bases: Readonly<Record<string, number>> = { d: 10, x: 16, X: 16, o: 8, b: 2 };
  const { [verb]: base } = bases;
  if (base !== undefined) return verb === "X" ? value.toString(base).toUpperCase() : value.toString(base);
  if (verb === "c" && value >= 0n && value <= 0x10ffffn) return String.fromCodePoint(Number(value));
  return undefined;
}

function writeFloat({ precision }: Shape, value: number, verb: string): string | undefined {
  if (verb === "g") return printFloat(value);
  if (verb === "f" || verb === "F") return fixed(value, Math.min(precision ?? 6, 100));
  if (verb !== "e") return undefined;
  return value
    .toExponential(Math.min(precision ?? 6, 100))
    .replace(/e([-+])(\d+)$/, (_, sign: string, digits: string) => `e${sign}${digits.padStart(2, "0")}`);
}

/** `toFixed` rounds what lies in the middle up, Go to the even digit. */
function fixed(value: number, digits: number): string {
  const scaled = Math.abs(value) * 10 ** digits;
  if (scaled % 1 !== 0.5) return value.toFixed(digits);
  const even = Math.floor(scaled / 2 + 0.5) * 2;
  return ((Math.sign(value) * even) / 10 ** digits).toFixed(digits);
}

const QUOTED: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** A string as Go's `%q` writes it. */
function quote(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are among what has to be escaped
  const escaped = text.replaceAll(/[\u0000-\u001f\u007f"\\]/g, (character) => {
    return QUOTED[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `"${escaped}"`;
}
