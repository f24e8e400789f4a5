import type { BegunPut } from "../plan/correction.ts";
import type { PlannedPut } from "../plan/plan.ts";

/** How a ledger stands to a key that it never knew. */
const NOTHING = 0;

/** What a run has begun to send, by key. What is true of nearly all of a hundred thousand files is not noted for each. */
export class BegunPuts {
  readonly #puts = new Map<string, PlannedPut>();
  readonly #under = new Set<string>();
  readonly #over = new Map<string, number>();
  readonly #earlier = new Map<string, BegunPut>();
  readonly #unsent = new Map<string, "copied" | "present">();

  begin(put: PlannedPut, over: number): void {
    const { key } = put;
    const earlier = this.#puts.get(key);
    if (earlier !== undefined) this.#earlier.set(key, this.#begun(earlier));
    this.#note({ put, over, arrived: false });
  }

  /** `copied`: only its headers had to be changed; `present`: it was there as it should be. */
  arrived(key: string, how: "stored" | "copied" | "present"): void {
    this.#under.delete(key);
    if (how === "stored") this.#unsent.delete(key);
    else this.#unsent.set(key, how);
  }

  /** Takes a put back that has certainly changed nothing. */
  refused(key: string): void {
    const earlier = this.#earlier.get(key);
    if (earlier !== undefined) this.#note(earlier);
    else for (const noted of [this.#puts, this.#under, this.#over]) noted.delete(key);
  }

  /** Whether a put has arrived while the ledger stood so to its key. */
  hasArrived(key: string, over: number): boolean {
    return this.#puts.has(key) && !this.#under.has(key) && this.#overOf(key) === over;
  }

  /** Keys that arrived without their bytes being sent, and how. */
  get unsent(): ReadonlyMap<string, "copied" | "present"> {
    return this.#unsent;
  }

  /** What was sent or is on its way, each file once. */
  puts(): readonly PlannedPut[] {
    return [...this.#puts.values()];
  }

  all(): readonly BegunPut[] {
    return this.puts().map((put) => this.#begun(put));
  }

  /** Those that may have replaced what was there, sorted by key. */
  replacing(): readonly BegunPut[] {
    return this.puts()
      .filter(({ onlyIfAbsent }) => !onlyIfAbsent)
      .map((put) => this.#begun(put))
      .toSorted((left, right) => (left.put.key < right.put.key ? -1 : 1));
  }

  #begun(put: PlannedPut): BegunPut {
    return { put, over: this.#overOf(put.key), arrived: !this.#under.has(put.key) };
  }

  #overOf(key: string): number {
    return this.#over.get(key) ?? NOTHING;
  }

  #note({ put, over, arrived }: BegunPut): void {
    const { key } = put;
    this.#puts.set(key, put);
    if (arrived) this.#under.delete(key);
    else this.#under.add(key);
    if (over === NOTHING) this.#over.delete(key);
    else this.#over.set(key, over);
  }
}
