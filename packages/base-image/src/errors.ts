import { ERRORS, type ErrorCode } from "./error-table.ts";

export { ERRORS, type ErrorCode };

/** What an error may say beyond its message. */
export interface ErrorDetails {
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * A fault of the definition, the command line or the world, told to people. `message` says what, where, the value
 * received and what was expected; `hint` what to do; `exitCode` is the program's. A bug of base-image is never this class.
 */
export class BaseImageError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "BaseImageError";
    this.code = code;
    this.hint = details.hint ?? ERRORS[code].remedy;
    this.exitCode = ERRORS[code].exitCode;
  }
}

/** What an error of any kind says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether the file system says that there is no such file. */
export function isAbsence(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** Tells a {@link BaseImageError} by its shape, so that one from another copy of this package counts too. */
export function isBaseImageError(error: unknown): error is BaseImageError {
  return error instanceof Error && error.name === "BaseImageError" && "code" in error && "hint" in error;
}
