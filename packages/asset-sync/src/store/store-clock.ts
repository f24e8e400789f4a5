/** The header tells whole seconds, and an answer takes its time: smaller differences say nothing. */
const COARSE_MS = 2_000;

/**
 * What time an endpoint says it is. Builds, collections and containers have clocks of their own, which may be hours apart;
 * what they agree on by time, they agree on by the endpoint's. Until an answer has told it, this machine's clock counts.
 */
export class StoreClock {
  #ahead: number | undefined;

  /** How far the endpoint's clock is ahead of this machine's, in milliseconds; undefined until an answer has told it. */
  get ahead(): number | undefined {
    return this.#ahead;
  }

  /** In milliseconds since 1970. */
  now(): number {
    return Date.now() + (this.#ahead ?? 0);
  }

  /** Watches corrections, this machine's too: says by how many milliseconds the time has since moved beside its passing. */
  watch(): () => number {
    const [then, started] = [this.now(), performance.now()];
    return () => this.now() - then - (performance.now() - started);
  }

  /** Takes the time from an answer's `Date`: RFC 9110, section 6.6.1. */
  note(date: string | undefined): void {
    const ahead = Date.parse(date ?? "") - Date.now();
    if (Number.isNaN(ahead)) return;
    const known = this.#ahead ?? 0;
    this.#ahead = Math.abs(ahead - known) < COARSE_MS ? known : ahead;
  }
}

/** Throws an AbortError once a store's clock is past a time, in seconds since 1970. */
export function checkTime(store: { readonly now: () => number }, notAfter: number = Infinity): void {
  if (store.now() > notAfter) throw new DOMException("The time for it is over.", "AbortError");
}
