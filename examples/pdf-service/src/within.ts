/**
 * Waits for a promise until a signal aborts, then rejects with its reason. Who was asked may never answer, and what comes
 * later is nobody's concern.
 */
export async function within<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  promise.catch(() => undefined);
  signal.throwIfAborted();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
