import { ERRORS, type ErrorCode } from "./error-codes.ts";

/** What is said of an error beside what happened. */
export function errorRow(code: ErrorCode): (typeof ERRORS)[ErrorCode] {
  return ERRORS[code];
}
