import type { ParsedWord, Span } from "./parsed.ts";
import { skipSpace } from "./space.ts";

/** Go's JSON reader gives up beyond this depth. */
const DEPTH = 10_000;

/**
 * Arguments in JSON form: its words; `"not-strings"` for an array that holds something else, which BuildKit refuses;
 * nothing for any other text, which BuildKit takes as it stands.
 */
export function readJsonForm(text: string, span: Span): readonly ParsedWord[] | "not-strings" | undefined {
  const start = skipSpace(text, span.start, span.end);
  if (text.charCodeAt(start) !== 0x5b || start >= span.end) return undefined;
  const source = text.slice(start, span.end);
  const array = parseArray(source);
  if (array === undefined) return undefined;
  if (!array.every((element) => typeof element === "string")) return goReads(source, array) ? "not-strings" : undefined;
  let at = start;
  return array.map((element) => {
    const from = text.indexOf('"', at);
    at = stringEnd(text, from);
    return { text: element.toWellFormed(), start: from, end: at };
  });
}

function parseArray(source: string): readonly unknown[] | undefined {
  // Most commands that begin with `[` are tests, and an exception is slow.
  if (!/^\[[\t\n\r ]*["[\]{\dtfn-]/.test(source) || !source.trimEnd().endsWith("]")) return undefined;
  try {
    const value: unknown = JSON.parse(source);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The end of the valid string that begins at `start`, both with their quotes. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at + 1;
}

/** Whether Go reads it too: it refuses numbers beyond a double, and nesting beyond a depth. */
function goReads(source: string, array: readonly unknown[]): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < source.length; at += 1) {
    const character = source.charCodeAt(at);
    if (inString) {
      if (character === 0x5c) at += 1;
      else inString = character !== 0x22;
    } else if (character === 0x22) inString = true;
    else if (character === 0x5b || character === 0x7b) depth += 1;
    else if (character === 0x5d || character === 0x7d) depth -= 1;
    if (depth > DEPTH) return false;
  }
  return !holdsInfinity(array);
}

function holdsInfinity(array: readonly unknown[]): boolean {
  const pending: unknown[] = [array];
  while (pending.length > 0) {
    const value = pending.pop();
    if (value === Infinity || value === -Infinity) return true;
    if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) pending.push(inner);
  }
  return false;
}
