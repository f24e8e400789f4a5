import { ERRORS, type ErrorCode } from "./error-codes.ts";

export { ERRORS, type ErrorCode } from "./error-codes.ts";

/** What went wrong, in the words of whoever threw it. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Lines below a message: the first of them, and how many more there are. */
export function listed(lines: readonly string[], atMost: number): string {
  const rest = lines.length > atMost ? [`and ${lines.length - atMost} more`] : [];
  return [...lines.slice(0, atMost), ...rest].map((line) => `\n  ${line}`).join("");
}

/** What an error may say beyond its message. */
export interface ErrorDetail {
  /** The remedy for this very case; the code's general remedy when left out. */
  readonly hint?: string;
  /** The exit code for this very case; the code's general one when left out. */
  readonly exitCode?: number;
  readonly cause?: unknown;
}

/** A failure that a user can act on. Anything else that is thrown is a bug of asset-sync. */
export class AssetSyncError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = "AssetSyncError";
    this.code = code;
    this.hint = detail.hint ?? ERRORS[code].remedy;
    this.exitCode = detail.exitCode ?? ERRORS[code].exitCode;
  }
}
