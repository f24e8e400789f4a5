/** Node prints a SuppressedError, of a run whose clean-up failed too, without the errors in it; an AggregateError with them. */
export function withAllCauses(error: unknown): unknown {
  return error instanceof SuppressedError ? new AggregateError(causesOf(error), error.message) : error;
}

/** What failed first comes first. */
function causesOf(error: unknown): readonly unknown[] {
  return error instanceof SuppressedError ? [...causesOf(error.suppressed), ...causesOf(error.error)] : [error];
}
