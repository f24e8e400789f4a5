import type { Span } from "../dockerfile/parse/parsed.ts";
import type { LintLine } from "./lint-file.ts";

/** A `NAME=value` of ENV, LABEL or ARG; `value` as written, nothing where an ARG has no default. */
export interface Pair extends Span {
  readonly key: string;
  readonly value: string | undefined;
}

/** A variable that an instruction expands. */
export interface VariableUse extends Span {
  readonly name: string;
}

/** The instructions whose words BuildKit expands. */
const EXPANDING = new Set(["ADD", "ARG", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"]);

/** The pairs of ENV, LABEL or ARG. */
export function pairsOf(line: Pick<LintLine, "words" | "name">): readonly Pair[] {
  const [first, ...rest] = line.words;
  if (first === undefined) return [];
  if (line.name !== "ARG" && !first.text.includes("=")) {
    const end = rest.at(-1)?.end ?? first.end;
    return [{ key: first.text, value: rest.map(({ text }) => text).join(" "), start: first.start, end }];
  }
  return line.words.map(({ text, start, end }) => {
    const equals = text.indexOf("=");
    const [key, value] = equals === -1 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
    return { key, value, start, end };
  });
}

/** A value without the quotes around it. */
export function unquoted(value: string): string {
  const inside = /^(["'])(.*)\1$/s.exec(value)?.[2];
  return inside ?? value;
}

/** The variables an instruction expands, each where it stands in the logical line. */
export function usesIn(line: Pick<LintLine, "words" | "name" | "json" | "text">): readonly VariableUse[] {
  if (!EXPANDING.has(line.name)) return [];
  // a decoded element of a list is shorter than what is written: its offsets are those of the whole element
  return line.words.flatMap(({ start, end }) => variablesIn(line.text.slice(start, end), start));
}

const VARIABLE = /\\.|'[^']*'|\$(?:\{([A-Za-z_]\w*)([^}]*)\}|([A-Za-z_]\w*))/gs;

function variablesIn(text: string, offset: number): readonly VariableUse[] {
  const inDouble = text.startsWith('"') || text.includes('="');
  return [...text.matchAll(VARIABLE)].flatMap((match) => {
    const [written, braced, , bare] = match;
    if (inDouble && written.startsWith("'")) return variablesIn(written.slice(1, -1), offset + match.index + 1);
    const name = braced ?? bare;
    if (name === undefined) return [];
    const start = offset + match.index;
    return [{ name, start, end: start + written.length }];
  });
}
