/** Ways to end what is under way, by the signal that ends it. */
const UNDER_WAY = new WeakMap<AbortSignal, Set<(reason: Error) => void>>();

/**
 * Calls `end` when the signal aborts, until the function that it returns is called: one listener for all requests, where Node
 * would put one on for each and take it off.
 */
export function endWith(signal: AbortSignal, end: (reason: Error) => void): () => void {
  if (signal.aborted) {
    end(ended());
    return () => undefined;
  }
  const ends = UNDER_WAY.get(signal) ?? watch(signal);
  ends.add(end);
  return () => void ends.delete(end);
}

function watch(signal: AbortSignal): Set<(reason: Error) => void> {
  const ends = new Set<(reason: Error) => void>();
  UNDER_WAY.set(signal, ends);
  const endAll = (): void => {
    for (const end of ends) end(ended());
  };
  signal.addEventListener("abort", endAll, { once: true });
  return ends;
}

function ended(): Error {
  return new DOMException("The request was ended.", "AbortError");
}
