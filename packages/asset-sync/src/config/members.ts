/** What an object that was read holds, by name; of the values nothing is known. */
export type Members = Readonly<Record<string, unknown>>;

/** Whether a value that was read is an object, and no list. */
export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
