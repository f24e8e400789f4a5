/** The header tells whole seconds, and an answer takes its time: smaller differences say nothing. */
const COARSE_MS = 2_000;

/**
 * What time an endpoint says it is. Builds, collections and containers have clocks of their own, which may be hours apart;
 * what they agree on by time, they agree on by the endpoint's. Until an answer has told it, this machine's clock counts.
 */
export class StoreClock {
  #ahead: number | undefined;
  /** What the last answer told otherwise. */
  #doubted: number | undefined;

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

  /**
   * Takes the time from an answer's `Date`: RFC 9110, section 6.6.1. Where it is another than the one that is known, only
   * when the next answer agrees: a single one may come out of a cache or from a server whose clock is wrong.
   */
  note(date: string | undefined): void {
    const ahead = Date.parse(date ?? "") - Date.now();
    if (Number.isNaN(ahead)) return;
    const doubted = this.#doubted;
    this.#doubted = undefined;
    if (this.#ahead === undefined) this.#ahead = isSame(ahead, 0) ? 0 : ahead;
    else if (isSame(ahead, this.#ahead)) return;
    else if (doubted !== undefined && isSame(ahead, doubted)) this.#ahead = ahead;
    else this.#doubted = ahead;
  }

  /** Takes the time that the last answer told, which complained of the one that is known. */
  believe(): void {
    this.#ahead = this.#doubted ?? this.#ahead;
  }
}

function isSame(left: number, right: number): boolean {
  return Math.abs(left - right) < COARSE_MS;
}

/** Throws an AbortError once a store's clock is past a time, in seconds since 1970. */
export function checkTime(store: { readonly now: () => number }, notAfter: number = Infinity): void {
  if (store.now() > notAfter) throw new DOMException("The time for it is over.", "AbortError");
}
