import { withAttempts, type S3Patience } from "./attempts.ts";
import type { RetryReason } from "./retry.ts";
import type { S3Connection } from "./s3-connection.ts";

/** A clock that is wrong by less than this is not what S3 complains of. */
const LEAST_SKEW_MS = 60_000;

type Mendable = Pick<S3Connection, "clock" | "credentials">;

/** How long a request is tried, and who is told of what. */
interface MendControl {
  readonly patience: S3Patience;
  readonly signal: AbortSignal | undefined;
  /** Called whenever the endpoint asks for less at a time, or falls silent. */
  readonly onThrottle?: (() => void) | undefined;
}

/**
 * Makes a request as {@link withAttempts} does, and mends what a failed one complains of, so that the next can succeed:
 * the endpoint's clock, which answers tell, is signed with, or newer credentials are asked for.
 */
export async function withMends<T>(
  connection: Mendable,
  request: () => Promise<T>,
  { patience, signal, onThrottle }: MendControl,
): Promise<T> {
  let corrected = connection.clock.watch();
  const attempt = (): Promise<T> => {
    corrected = connection.clock.watch();
    return request();
  };
  const mend = async (reason: RetryReason): Promise<boolean> => {
    if (reason === "throttled") onThrottle?.();
    if (reason === "clock") {
      connection.clock.believe();
      // What counts is what the request was signed with: the correction may be that this machine's clock is right again.
      return Math.abs(corrected()) >= LEAST_SKEW_MS;
    }
    return reason === "credentials" ? connection.credentials.renew() : true;
  };
  return withAttempts(attempt, { patience, signal, mend });
}
