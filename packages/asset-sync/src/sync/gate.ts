import { FIRST_WINDOW, nextWindow, type Window, type WindowEvent } from "./window.ts";

/** Bytes that all uploads under way may hold together. */
const BYTES_IN_FLIGHT = 64 * 1024 * 1024;

/** Lets work begin while it fits into a window of so many at once and a budget of bytes; what is larger goes alone. */
export class Gate {
  readonly #budget: number;
  #window: Window;
  #active = 0;
  #held = 0;
  #changed: () => void = () => undefined;

  constructor(budget: number = BYTES_IN_FLIGHT, window: Window = FIRST_WINDOW) {
    this.#budget = budget;
    this.#window = window;
  }

  /** Tells what happened to an upload. */
  note(event: WindowEvent): void {
    this.#window = nextWindow(this.#window, event);
  }

  /**
   * Does `work` for each item in their order, as many at once as fit. `work` must not throw. Ends early when `isOver`
   * says so, after what is under way.
   */
  async each<T>(
    items: Iterable<T>,
    bytesOf: (item: T) => number,
    work: (item: T) => Promise<void>,
    isOver: () => boolean,
  ): Promise<void> {
    for (const item of items) {
      const bytes = bytesOf(item);
      while (!this.#fits(bytes) && !isOver()) await this.#change();
      if (isOver()) break;
      this.#begin(bytes);
      void work(item).finally(() => this.#end(bytes));
    }
    while (this.#active > 0) await this.#change();
  }

  #fits(bytes: number): boolean {
    return this.#active === 0 || (this.#active < Math.floor(this.#window.size) && this.#held + bytes <= this.#budget);
  }

  #begin(bytes: number): void {
    this.#active += 1;
    this.#held += bytes;
  }

  #end(bytes: number): void {
    this.#active -= 1;
    this.#held -= bytes;
    this.#changed();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }
}
