/** The same error in a form of which Node shows all parts: of what failed and of the cleaning up after it, it names neither. */
export function unfolded(error: unknown): unknown {
  if (!(error instanceof SuppressedError)) return error;
  return new AggregateError([error.suppressed, error.error].map(unfolded), error.message);
}
