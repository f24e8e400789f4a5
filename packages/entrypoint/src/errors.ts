import type { ErrorCode } from "./error-codes.ts";
import { errorRow } from "./error-row.ts";

export type { ErrorCode } from "./error-codes.ts";

/** What an error is made of beside its code. */
export interface ErrorParts {
  /** What, where, the value received and what was expected. */
  readonly message: string;
  /** Overrides the table's remedy when the place knows better. */
  readonly hint?: string;
  /** Overrides the table's exit code: a command's own code, or 128 + the signal. */
  readonly exitCode?: number;
  readonly cause?: unknown;
}

/** A failure with a code from {@link ERRORS}. Anything else that is thrown is a bug and keeps its stack. */
export class EntrypointError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly exitCode: number;

  constructor(code: ErrorCode, parts: ErrorParts) {
    super(printable(parts.message), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = "EntrypointError";
    this.code = code;
    this.hint = parts.hint ?? errorRow(code).remedy;
    this.exitCode = parts.exitCode ?? errorRow(code).exitCode;
  }
}

// oxlint-disable-next-line no-control-regex -- control characters are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const SCHEME_END = "://";

/**
 * Text fit for a terminal and a log: no control characters but tab and newline, and no credentials in URLs. A password may
 * hold `/` and `@`, so all from a word's `://` to its last `@` is masked. Linear in the length of the text.
 */
export function printable(text: string): string {
  const clean = text.replace(CONTROL, "");
  return clean.includes(SCHEME_END) ? clean.replace(/\S+/g, withoutCredentials) : clean;
}

function withoutCredentials(word: string): string {
  const scheme = word.indexOf(SCHEME_END);
  const end = word.lastIndexOf("@");
  return scheme === -1 || end < scheme ? word : `${word.slice(0, scheme + SCHEME_END.length)}***${word.slice(end)}`;
}

/** More characters than these say nothing more to who reads a line. */
const LONGEST_PIECE = 4_000;

/** {@link printable} as a piece of one line: newlines as `\n`, and cut after `longest` characters, which it says. */
export function inLine(text: string, longest: number = LONGEST_PIECE): string {
  const line = printable(text).replaceAll("\n", "\\n");
  const more = line.length - longest;
  return more > 0 ? `${line.slice(0, longest)}… (${String(more)} more characters)` : line;
}

/** What was thrown, in words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** What only wrong code throws. */
export function isBug(thrown: unknown): thrown is Error {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((bug) => thrown instanceof bug);
}

/** What was thrown, with the stack if it has one. */
export function stackOf(thrown: unknown): string {
  return thrown instanceof Error && thrown.stack !== undefined ? thrown.stack : String(thrown);
}

/** The `code` of what was thrown: `ENOENT`, an SQLSTATE; empty when it has none. */
export function codeOf(thrown: unknown): string {
  const code: unknown = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  return typeof code === "string" ? code : "";
}

/** The reason of an error on one line; of several addresses tried, each one's. */
export function reasonOf(error: unknown): string {
  const reasons = error instanceof AggregateError ? error.errors.map(messageOf) : [messageOf(error)];
  return printable([...new Set(reasons)].join("; ")).replace(/\s+/g, " ");
}
