import { setTimeout as pause } from "node:timers/promises";

import { noteAttempts, readFailure } from "./failed-request.ts";
import { retryPause, retryReason, type RetryReason } from "./retry.ts";

/** How long to wait for S3, in milliseconds. A transfer may take as long as it likes while bytes move. */
export interface S3Patience {
  readonly connecting: number;
  /** No byte in either direction. */
  readonly silence: number;
  /** How often a request is made before it counts as failed. */
  readonly attempts: number;
  /** Waits between two attempts. */
  readonly pause: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** What a sync waits for. */
export const PATIENCE: S3Patience = {
  connecting: 10_000,
  silence: 60_000,
  attempts: 6,
  pause: (milliseconds, signal) => pause(milliseconds, undefined, signal === undefined ? {} : { signal }),
};

/** What a failed attempt can lead to. */
export interface AttemptControl {
  readonly patience: S3Patience;
  readonly signal: AbortSignal | undefined;
  /** Mends what the next attempt needs; false when there is nothing to be mended, so that it would fail too. */
  readonly mend: (reason: RetryReason) => Promise<boolean>;
}

/** Makes a request until it succeeds, fails for good, or has been made often enough. */
export async function withAttempts<T>(request: () => Promise<T>, control: AttemptControl): Promise<T> {
  const { patience, signal, mend } = control;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request();
    } catch (error) {
      signal?.throwIfAborted();
      const failure = readFailure(error);
      const reason = retryReason(failure);
      noteAttempts(error, attempt);
      if (reason === undefined || attempt >= patience.attempts || !(await mend(reason))) throw error;
      await patience.pause(retryPause(attempt, reason, failure), signal);
    }
  }
}
