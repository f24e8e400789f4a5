import type { FailedRequest } from "./failed-request.ts";
import type { RetryReason } from "./retry.ts";
import type { S3Connection } from "./s3-connection.ts";

/** A clock that is wrong by less than this is not what S3 complains of. */
const LEAST_SKEW_MS = 60_000;

/**
 * Mends what a failed request complains of, so that the next attempt can succeed: takes the endpoint's clock, or asks
 * for newer credentials. False when that changes nothing.
 */
export async function mendConnection(
  { clock, credentials }: Pick<S3Connection, "clock" | "credentials">,
  reason: RetryReason,
  failure: FailedRequest,
): Promise<boolean> {
  if (reason === "clock") return takeClock(clock, failure);
  if (reason === "credentials") return await credentials.renew();
  return true;
}

function takeClock(clock: S3Connection["clock"], { serverTime }: FailedRequest): boolean {
  if (serverTime === undefined) return false;
  const offset = serverTime - Date.now();
  if (Math.abs(offset) < LEAST_SKEW_MS) return false;
  clock.offset = offset;
  return true;
}
