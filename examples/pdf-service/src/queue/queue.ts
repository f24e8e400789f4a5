/** Names one request in a queue. */
export type Ticket = number;

/** Which requests are printed and which wait, the oldest first. */
export interface QueueState {
  readonly running: ReadonlySet<Ticket>;
  readonly waiting: readonly Ticket[];
  /** No more requests are taken; those that were are finished. */
  readonly draining: boolean;
}

/** What happens to a queue. `leave` is the end of a print, or of the patience of a request that waits. */
export type QueueEvent =
  | { readonly kind: "arrive"; readonly ticket: Ticket }
  | { readonly kind: "leave"; readonly ticket: Ticket }
  | { readonly kind: "drain" };

/** What follows from it. */
export type QueueEffect =
  | { readonly kind: "start"; readonly ticket: Ticket }
  | { readonly kind: "refuse"; readonly ticket: Ticket; readonly code: "PDF_QUEUE_FULL" | "PDF_STOPPING" };

/** How many run and how many wait. */
export interface QueueLimits {
  readonly concurrency: number;
  readonly queue: number;
}

export const EMPTY_QUEUE: QueueState = { running: new Set(), waiting: [], draining: false };

/** One step. Nobody overtakes, and a free place never stays free while somebody waits. */
export function step(
  limits: QueueLimits,
  state: QueueState,
  event: QueueEvent,
): { readonly state: QueueState; readonly effects: readonly QueueEffect[] } {
  if (event.kind === "arrive") return arrive(limits, state, event.ticket);
  if (event.kind === "leave") return leave(state, event.ticket);
  return { state: { ...state, draining: true }, effects: [] };
}

/** Whether one more request would be refused. */
export function refusalOf(
  { concurrency, queue }: QueueLimits,
  state: QueueState,
): "PDF_QUEUE_FULL" | "PDF_STOPPING" | undefined {
  if (state.draining) return "PDF_STOPPING";
  return state.running.size >= concurrency && state.waiting.length >= queue ? "PDF_QUEUE_FULL" : undefined;
}

/**
 * Seconds after which a place is likely to be free: those who wait, by places, each as long as prints have taken lately.
 * From 1 to 60.
 */
export function retryAfter({ concurrency }: QueueLimits, state: QueueState, meanMs: number): number {
  const rounds = (state.waiting.length + 1) / concurrency;
  return Math.min(60, Math.max(1, Math.ceil((rounds * meanMs) / 1000)));
}

function arrive(limits: QueueLimits, state: QueueState, ticket: Ticket): ReturnType<typeof step> {
  const code = refusalOf(limits, state);
  if (code !== undefined) return { state, effects: [{ kind: "refuse", ticket, code }] };
  if (state.running.size < limits.concurrency) return start(state, ticket);
  return { state: { ...state, waiting: [...state.waiting, ticket] }, effects: [] };
}

function leave(state: QueueState, ticket: Ticket): ReturnType<typeof step> {
  if (!state.running.has(ticket)) {
    return { state: { ...state, waiting: state.waiting.filter((each) => each !== ticket) }, effects: [] };
  }
  const running = new Set([...state.running].filter((each) => each !== ticket));
  const [next, ...waiting] = state.waiting;
  const left = { ...state, running, waiting };
  return next === undefined ? { state: left, effects: [] } : start(left, next);
}

function start(state: QueueState, ticket: Ticket): ReturnType<typeof step> {
  return { state: { ...state, running: new Set([...state.running, ticket]) }, effects: [{ kind: "start", ticket }] };
}
