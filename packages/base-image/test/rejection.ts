import { isBaseImageError, type BaseImageError } from "../src/errors.ts";

/** The refusal a call ends with; anything else is a failed test. */
export async function rejection(call: () => unknown): Promise<BaseImageError> {
  try {
    await call();
  } catch (error) {
    if (isBaseImageError(error)) return error;
    throw error;
  }
  throw new Error("expected a refusal, but the call went through");
}
