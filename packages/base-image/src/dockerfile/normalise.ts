import { shellWords } from "./fold.ts";
import type { Heredoc, Instruction } from "./instruction.ts";
import { isText, partsOf, type Piece, type Text } from "./text.ts";

/**
 * What an instruction means to BuildKit, as a value to compare: texts in their shortest form, a build argument as any
 * variable, defaults left out, keys in order, shell text on one line with single blanks between its words. A built
 * instruction and the one that is read from its text have the same.
 */
export function normalise(instruction: Instruction): object {
  return normalObject(instruction);
}

/** The shortest form of a text: a string where nothing expands. */
export function normaliseText(text: Text): Text {
  if (typeof text === "string") return text;
  const parts: Piece[] = [];
  for (const part of partsOf(text)) {
    const last = parts.at(-1);
    if (typeof part !== "string") parts.push(normalVariable(part));
    else if (typeof last === "string") parts[parts.length - 1] = last + part;
    else if (part !== "") parts.push(part);
  }
  const [only = ""] = parts;
  return parts.length < 2 ? only : { kind: "expandable", parts };
}

/** Shell text as BuildKit joins it, with one blank between words where {@link shellWords} knows them. */
export function normaliseShell(text: string): string {
  const joined = text.replaceAll(/\\[ \t]*\n/g, "").trim();
  return shellWords(joined)?.join(" ") ?? joined;
}

function normalVariable({ name, modifier }: Exclude<Piece, string>): Piece {
  if (modifier === undefined) return { kind: "variable", name };
  const { operator, word, replacement } = modifier;
  const second = replacement === undefined ? {} : { replacement: normaliseText(replacement) };
  return { kind: "variable", name, modifier: { operator, word: normaliseText(word), ...second } };
}

function normalValue(key: string, value: unknown): unknown {
  if (key === "text" && typeof value === "string") return normaliseShell(value);
  if (typeof value === "number") return String(value);
  if (isText(value)) return normaliseText(value);
  if (Array.isArray(value)) return value.map((item: unknown) => normalValue("", item));
  return typeof value === "object" && value !== null ? normalObject(value) : value;
}

function normalObject(value: object): object {
  const entries = Object.entries(isHeredoc(value) ? normalHeredoc(value) : value)
    .filter(([key, field]) => !isDefault(key, field))
    .map(([key, field]): [string, unknown] => [key, normalValue(key, field)]);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Absent, empty lists and switches that are off say nothing; but `--unpack=false` does. */
function isDefault(key: string, value: unknown): boolean {
  if (value === false) return key !== "unpack";
  return value === undefined || (Array.isArray(value) && value.length === 0 && key !== "words");
}

/** Tabs that `<<-` takes off do not matter. */
function normalHeredoc({ stripTabs, ...heredoc }: Heredoc): Heredoc {
  return stripTabs === true ? { ...heredoc, body: heredoc.body.replaceAll(/^\t+/gm, "") } : heredoc;
}

function isHeredoc(value: object): value is Heredoc {
  return "body" in value && "expand" in value;
}
