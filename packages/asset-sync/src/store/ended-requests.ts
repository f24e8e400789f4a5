import type { ClientRequest } from "node:http";

/** Requests under way, by the signal that ends them. */
const UNDER_WAY = new WeakMap<AbortSignal, Set<ClientRequest>>();

/** Ends a request when the signal aborts: one listener for all of them, where Node would put one on for each and take it off. */
export function endWith(signal: AbortSignal, request: ClientRequest): void {
  if (signal.aborted) return end(request);
  const requests = UNDER_WAY.get(signal) ?? watch(signal);
  requests.add(request);
  request.once("close", () => requests.delete(request));
}

function watch(signal: AbortSignal): Set<ClientRequest> {
  const requests = new Set<ClientRequest>();
  UNDER_WAY.set(signal, requests);
  const endAll = (): void => {
    for (const request of requests) end(request);
  };
  signal.addEventListener("abort", endAll, { once: true });
  return requests;
}

function end(request: ClientRequest): void {
  request.destroy(new DOMException("The request was ended.", "AbortError"));
}
