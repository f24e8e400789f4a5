/** What requests are signed by: this machine's clock, put right by what a server says as it refuses a signature. */
export interface SigningClock {
  now(): Date;
  /**
   * Takes the code and the date of a refusal.
   * @returns whether the clock was the reason, and is right now
   */
  correct(code: string, date: unknown): boolean;
}

/** The request was signed by a clock that is wrong; some services only say that the signature is. */
const CLOCK = /InvalidSignature|SignatureDoesNotMatch|RequestExpired|RequestTimeTooSkewed/;

/** A clock that differs less than this is no reason for a refusal. */
const SKEW_MS = 60_000;

/** A clock for the requests of one start. */
export function signingClock(): SigningClock {
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    correct: (code, date) => {
      const found = Date.parse(String(date)) - Date.now();
      if (!CLOCK.test(code) || !(Math.abs(found - aheadMs) > SKEW_MS)) return false;
      aheadMs = found;
      return true;
    },
  };
}
