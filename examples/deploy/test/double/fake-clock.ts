import type { Clock } from "../../src/clock.ts";

/** Time that passes only when somebody sleeps. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 10, 28);
  /** Called with each sleep; what it throws ends the program there, as a kill would. */
  onSleep: () => void = () => {};

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    this.onSleep();
    return Promise.resolve();
  }
}
