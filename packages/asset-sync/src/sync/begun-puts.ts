import type { BegunPut } from "../plan/correction.ts";
import type { PlannedPut } from "../plan/plan.ts";

/** Noted in place: a build may have a hundred thousand of them. */
interface Begun extends BegunPut {
  arrived: boolean;
}

/** What a run has begun to send, by key. */
export class BegunPuts {
  readonly #puts = new Map<string, Begun>();
  readonly #earlier = new Map<string, Begun>();
  readonly #copied = new Set<string>();

  begin(put: PlannedPut, over: number): void {
    const earlier = this.#puts.get(put.key);
    if (earlier !== undefined) this.#earlier.set(put.key, earlier);
    this.#puts.set(put.key, { put, over, arrived: false });
  }

  /** `copied`: only its headers had to be changed. */
  arrived(key: string, copied: boolean): void {
    const begun = this.#puts.get(key);
    if (copied) this.#copied.add(key);
    else this.#copied.delete(key);
    if (begun !== undefined) begun.arrived = true;
  }

  /** Takes a put back that has certainly changed nothing. */
  refused(key: string): void {
    const earlier = this.#earlier.get(key);
    if (earlier === undefined) this.#puts.delete(key);
    else this.#puts.set(key, earlier);
  }

  /** Whether a put has arrived while the ledger stood so to its key. */
  hasArrived(key: string, over: number): boolean {
    const begun = this.#puts.get(key);
    return begun?.arrived === true && begun.over === over;
  }

  /** Keys of which only the headers had to be changed. */
  get copied(): ReadonlySet<string> {
    return this.#copied;
  }

  all(): readonly BegunPut[] {
    return [...this.#puts.values()];
  }

  /** Those that may have replaced what was there, sorted by key. */
  replacing(): readonly BegunPut[] {
    return this.all()
      .filter(({ put }) => !put.onlyIfAbsent)
      .toSorted((left, right) => (left.put.key < right.put.key ? -1 : 1));
  }
}
