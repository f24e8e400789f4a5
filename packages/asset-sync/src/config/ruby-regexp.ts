/** A regular expression of Ruby, as YAML holds it: `!ruby/regexp /\.map$/i`. */
export interface RubyRegexp {
  readonly source: string;
  readonly flags: string;
}

/** A translation, or what cannot be said in JavaScript and where it stands. */
export type Translation =
  | { readonly kind: "translated"; readonly source: string; readonly flags: string }
  | { readonly kind: "refused"; readonly at: number; readonly reason: string };

/** What the ends of the text mean, where a pattern is one of a part of a longer text. */
export interface Ends {
  readonly start: string;
  readonly end: string;
}

const WHOLE: Ends = { start: "^", end: "$" };

/** https://docs.ruby-lang.org/en/master/Regexp.html#class-Regexp-label-POSIX+Bracket+Expressions */
const POSIX: Readonly<Record<string, string>> = {
  alnum: "\\p{L}\\p{N}",
  alpha: "\\p{L}",
  blank: " \\t",
  cntrl: "\\p{Cc}",
  digit: "\\p{Nd}",
  lower: "\\p{Ll}",
  print: "\\P{C}",
  punct: "\\p{P}\\p{S}",
  space: "\\s",
  upper: "\\p{Lu}",
  word: "\\p{L}\\p{N}_",
  xdigit: "0-9a-fA-F",
};

interface Row {
  readonly form: RegExp;
  readonly say: (match: readonly string[], ends: Ends) => string | { readonly refused: string };
}

/** One row for each thing that is written otherwise, the first that fits at a place counts. */
const OUTSIDE: readonly Row[] = [
  { form: /\\A/y, say: (_, { start }) => start },
  { form: /\\z/y, say: (_, { end }) => end },
  { form: /\\Z/y, say: (_, { end }) => end },
  // A key has no line ends, so lines are the whole of it.
  { form: /\^/y, say: (_, { start }) => start },
  { form: /\$/y, say: (_, { end }) => end },
  { form: /\\h/y, say: () => "[0-9a-fA-F]" },
  { form: /\\H/y, say: () => "[^0-9a-fA-F]" },
  { form: /\\R/y, say: () => "(?:\\r\\n|[\\n\\v\\f\\r\\u0085\\u2028\\u2029])" },
  { form: /\\p\{(\^?)(\w+)\}/y, say: property },
  { form: /\\[GKXg]/y, say: ([found = ""]) => ({ refused: `${found} has no counterpart` }) },
  { form: /\(\?<(\w+)>/y, say: ([found = ""]) => found },
  { form: /\(\?#[^)]*\)/y, say: () => "" },
  { form: /\(\?([imx]*)(?:-([imx]*))?([:)])/y, say: inlineFlags },
  { form: /\(\?[>~(]/y, say: ([found = ""]) => ({ refused: `${found} has no counterpart` }) },
  { form: /(?:[*+?]|\{\d*,?\d*\})\+/y, say: ([found = ""]) => ({ refused: `${found} is possessive` }) },
  { form: /\\([-'"#%&,:;<=>@_`~! ])/y, say: ([, plain = ""]) => plain },
  { form: /\\./sy, say: ([found = ""]) => found },
  { form: /[\]}]/y, say: ([found = ""]) => `\\${found}` },
  { form: /\{\d*,?\d*\}/y, say: ([found = ""]) => found.replace("{,", "{0,") },
  { form: /\{/y, say: () => "\\{" },
  { form: /./sy, say: ([found = ""]) => found },
];

const INSIDE: readonly Row[] = [
  { form: /\[:(\^?)(\w+):\]/y, say: posixClass },
  { form: /\\h/y, say: () => "0-9a-fA-F" },
  { form: /&&|\[/y, say: ([found = ""]) => ({ refused: `${found} inside of brackets has no counterpart` }) },
  {
    form: /\\[-\\\]^dDwWsStrnfvbpPux/.[(){}*+?|$]/y,
    say: ([found = ""]) =>
      found.replace(/^\\(.)$/, (all, one: string) => (/[.(){}*+?|$/]/.test(one) ? `\\${one}` : all)),
  },
  { form: /\\(.)/sy, say: ([, plain = ""]) => plain },
  { form: /./sy, say: ([found = ""]) => (/[(){}/|]/.test(found) ? `\\${found}` : found) },
];

function inlineFlags([, on = "", off = "", end = ""]: readonly string[]): string | { readonly refused: string } {
  if (/x/.test(on + off)) return { refused: "(?x) changes what blanks mean" };
  // Ruby's m is JavaScript's s.
  const flags = `${on.replace("m", "s")}${off === "" ? "" : `-${off.replace("m", "s")}`}`;
  if (end === ")") return { refused: `(?${flags}) in the middle changes what follows; write (?${flags}:…)` };
  return `(?${flags}:`;
}

/** https://docs.ruby-lang.org/en/master/Regexp.html#class-Regexp-label-Unicode+Properties */
function property([found = "", not = "", name = ""]: readonly string[]): string {
  const members = POSIX[name.toLowerCase()];
  if (members !== undefined) return `[${not}${members}]`;
  return not === "" ? found : `\\P{${name}}`;
}

function posixClass([found = "", not = "", name = ""]: readonly string[]): string | { readonly refused: string } {
  const members = POSIX[name];
  if (members === undefined) return { refused: `${found} is no class of POSIX that is known` };
  return not === "" ? members : { refused: `${found} has no counterpart` };
}

/**
 * Says a regular expression of Ruby in JavaScript, with the flag `u`. Named groups, anchors, inline flags, POSIX classes and
 * `\h` are translated; what would mean something else is refused. Pure.
 */
export function translateRegexp({ source, flags }: RubyRegexp, ends: Ends = WHOLE): Translation {
  const fault = flagsFault(flags);
  if (fault !== undefined) return { kind: "refused", at: source.length, reason: fault };
  const leading = /^\(\?([im]+)\)/.exec(source);
  const on = flags + (leading?.[1] ?? "");
  let text = "";
  let inside = false;
  for (let at = leading?.[0].length ?? 0; at < source.length;) {
    const step = translateAt(source, at, inside, ends);
    if (step.refused !== undefined) return { kind: "refused", at, reason: step.refused };
    text += step.text;
    inside = step.inside;
    at += step.length;
  }
  return checked(text, `${on.includes("i") ? "i" : ""}${on.includes("m") ? "s" : ""}u`);
}

function flagsFault(flags: string): string | undefined {
  if (flags.includes("x")) return "the flag x changes what blanks mean";
  const strange = /[^imuno]/.exec(flags)?.[0];
  return strange === undefined ? undefined : `the flag ${strange} is not known`;
}

function checked(source: string, flags: string): Translation {
  try {
    RegExp(source, flags);
    return { kind: "translated", source, flags };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : String(error);
    return { kind: "refused", at: 0, reason };
  }
}

interface Step {
  readonly text: string;
  readonly length: number;
  readonly inside: boolean;
  readonly refused?: string;
}

function translateAt(source: string, at: number, inside: boolean, ends: Ends): Step {
  const opening = /\[\^?\]?/y;
  opening.lastIndex = at;
  if (!inside && source[at] === "[") {
    const found = opening.exec(source)?.[0] ?? "[";
    return { text: found.replace("]", "\\]"), length: found.length, inside: true };
  }
  if (inside && source[at] === "]") return { text: "]", length: 1, inside: false };
  for (const { form, say } of inside ? INSIDE : OUTSIDE) {
    form.lastIndex = at;
    const match = form.exec(source);
    if (match === null) continue;
    const said = say([...match], ends);
    if (typeof said === "string") return { text: said, length: match[0].length, inside };
    return { text: "", length: match[0].length, inside, refused: said.refused };
  }
  return { text: "", length: 1, inside };
}
