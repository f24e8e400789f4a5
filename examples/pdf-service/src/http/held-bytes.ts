/** Counts the bytes of bodies that are in memory, all requests together. */
export class HeldBytes {
  readonly #limit: number;
  total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** One request's part, given back when its scope ends. */
  share(): Disposable & { take(bytes: number): boolean } {
    let taken = 0;
    return {
      take: (bytes) => {
        if (this.total + bytes > this.#limit) return false;
        this.total += bytes;
        taken += bytes;
        return true;
      },
      [Symbol.dispose]: () => {
        this.total -= taken;
      },
    };
  }
}
