import { Refusal } from "../refusal.ts";
import {
  EMPTY_QUEUE,
  refusalOf,
  retryAfter,
  step,
  type QueueEvent,
  type QueueLimits,
  type QueueState,
  type Ticket,
} from "./queue.ts";

/** Prints take about this long until some were measured. */
const FIRST_MEAN_MS = 1000;

/** How much one print moves the mean. */
const WEIGHT = 0.1;

/** Runs the decisions of `queue.ts`. */
export class PrintQueue {
  readonly #limits: QueueLimits;
  readonly #doors = new Map<Ticket, PromiseWithResolvers<void>>();
  #state: QueueState = EMPTY_QUEUE;
  #next: Ticket = 1;
  #meanMs = FIRST_MEAN_MS;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get counts(): { readonly running: number; readonly waiting: number } {
    return { running: this.#state.running.size, waiting: this.#state.waiting.length };
  }

  get isDraining(): boolean {
    return this.#state.draining;
  }

  get retryAfterSeconds(): number {
    return retryAfter(this.#limits, this.#state, this.#meanMs);
  }

  /** Throws what one more request would be told. It is asked before a body is read. */
  check(): void {
    const code = refusalOf(this.#limits, this.#state);
    if (code !== undefined) throw refusal(code, this.#limits);
  }

  /** Waits for a place, which is left by disposing of it. Rejects when there is none to wait for, or with the signal's reason. */
  async enter(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    const ticket = this.#next++;
    const door = Promise.withResolvers<void>();
    this.#doors.set(ticket, door);
    const giveUp = (): void => {
      this.#apply({ kind: "leave", ticket });
      door.reject(signal.reason);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      this.#apply({ kind: "arrive", ticket });
      await door.promise;
    } finally {
      this.#doors.delete(ticket);
      signal.removeEventListener("abort", giveUp);
    }
    return this.#placeOf(ticket);
  }

  /** Takes no more requests; those that have a place or wait for one are finished. */
  drain(): void {
    this.#apply({ kind: "drain" });
  }

  #placeOf(ticket: Ticket): Disposable {
    const started = performance.now();
    return {
      [Symbol.dispose]: () => {
        this.#meanMs += WEIGHT * (performance.now() - started - this.#meanMs);
        this.#apply({ kind: "leave", ticket });
      },
    };
  }

  #apply(event: QueueEvent): void {
    const { state, effects } = step(this.#limits, this.#state, event);
    this.#state = state;
    for (const effect of effects) {
      if (effect.kind === "start") this.#doors.get(effect.ticket)?.resolve();
      else this.#doors.get(effect.ticket)?.reject(refusal(effect.code, this.#limits));
    }
  }
}

function refusal(code: "PDF_QUEUE_FULL" | "PDF_STOPPING", { concurrency, queue }: QueueLimits): Refusal {
  return new Refusal(
    code,
    code === "PDF_STOPPING" ? "the service is being stopped" : `${concurrency} requests are printed and ${queue} wait`,
  );
}
