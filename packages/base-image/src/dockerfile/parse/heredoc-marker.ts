import type { Span } from "./parsed.ts";
import { nameEnd } from "./variable-name.ts";
import { literalOf, type WordPart } from "./word-part.ts";
import { readWord, type WordFault } from "./word-reader.ts";
import { WordSplitter, type WordAt } from "./word-splitter.ts";

/** `<<NAME` in an instruction's line. */
export interface HeredocMarker extends Span {
  readonly name: string;
  readonly fd: number;
  readonly expand: boolean;
  readonly stripTabs: boolean;
}

/** What a word says as a marker: nothing, a marker, or why its delimiter cannot be read. */
type MarkerResult = Omit<HeredocMarker, keyof Span> | { readonly fault: WordFault } | undefined;

const NONE: readonly HeredocMarker[] = [];
const RULES = { escape: "\\", rawVariables: true };

/**
 * The heredoc markers in the whole line of an instruction, its name and flags too; the first fault of a delimiter.
 * Where the line as a whole has an unmatched quote or a bad substitution, BuildKit sees no marker at all.
 */
export function heredocMarkers(
  text: string,
): readonly HeredocMarker[] | { readonly fault: WordFault; readonly span: Span } {
  if (!text.includes("<<")) return NONE;
  const result = readWord(text, { ...RULES, rawQuotes: true, rawEscapes: true });
  if ("fault" in result) return [];
  const markers: HeredocMarker[] = [];
  for (const { text: word, ...span } of splitWords(result.parts)) {
    const marker = readMarker(word);
    if (marker === undefined) continue;
    if ("fault" in marker) return { fault: marker.fault, span };
    markers.push({ ...marker, ...span });
  }
  return markers;
}

/** Reads `[fd]<<[-]NAME`. The escape character here is the backslash, whatever the file says. */
export function readMarker(word: string): MarkerResult {
  const sign = word.indexOf("<<");
  if (sign === -1 || !isDigits(word.slice(0, sign)) || word.includes("<", sign + 2)) return undefined;
  const stripTabs = word.charAt(sign + 2) === "-";
  const delimiter = readDelimiter(word.slice(sign + (stripTabs ? 3 : 2)));
  if (delimiter === undefined || "fault" in delimiter) return delimiter;
  return { ...delimiter, fd: Number(word.slice(0, sign)), stripTabs };
}

/** What stands behind `<<`: one word. A quote anywhere in it, but no backslash, keeps the body from expanding. */
function readDelimiter(
  text: string,
): Pick<HeredocMarker, "name" | "expand"> | { readonly fault: WordFault } | undefined {
  let start = 0;
  while (start < text.length && "\t\n\f\r ".includes(text.charAt(start))) start += 1;
  if (start === text.length) return undefined;
  const plain = readWord(text.slice(start), RULES);
  if ("fault" in plain) return plain;
  // BuildKit sees no marker where a delimiter holds ${…} with a modifier.
  if (plain.parts.some((part) => isModified(text.slice(start), part))) return undefined;
  const [name, ...others] = splitWords(plain.parts);
  if (name === undefined || others.length > 0) return undefined;
  const raw = readWord(text.slice(start), { ...RULES, rawQuotes: true });
  const written = "parts" in raw ? splitWords(raw.parts) : [];
  return { name: name.text, expand: quotes(name.text) === quotes(written[0]?.text ?? "") };
}

/** The body as it reaches a file or a shell: without the tabs that `<<-` takes off. */
export function withoutTabs({ body, stripTabs }: { readonly body: string; readonly stripTabs: boolean }): string {
  return stripTabs ? body.replaceAll(/^\t+/gm, "") : body;
}

function isModified(source: string, { start, end }: WordPart): boolean {
  return source.startsWith("${", start) && nameEnd(source, start + 2) < end - 1;
}

function isDigits(text: string): boolean {
  return /^[0-9]*$/.test(text);
}

function quotes(text: string): number {
  return text.length - text.replaceAll(/['"]/g, "").length;
}

/** Pieces as words: split at blanks that are not quoted. */
function splitWords(parts: readonly WordPart[]): readonly WordAt[] {
  const splitter = new WordSplitter();
  for (const part of parts) {
    const text = literalOf([part]);
    if (part.quoted) splitter.add(text, part.start, part.end);
    else splitter.addSplit(text, part);
  }
  return splitter.finish();
}
