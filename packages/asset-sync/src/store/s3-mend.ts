import type { RetryReason } from "./retry.ts";
import type { S3Connection } from "./s3-connection.ts";

/** A clock that is wrong by less than this is not what S3 complains of. */
const LEAST_SKEW_MS = 60_000;

/**
 * Mends what a failed request complains of, so that the next attempt can succeed: the endpoint's clock, which its answer
 * has told, is signed with, or newer credentials are asked for. False when that changes nothing.
 */
export async function mendConnection(
  { clock, credentials }: Pick<S3Connection, "clock" | "credentials">,
  reason: RetryReason,
): Promise<boolean> {
  if (reason === "clock") return Math.abs(clock.ahead ?? 0) >= LEAST_SKEW_MS;
  if (reason === "credentials") return await credentials.renew();
  return true;
}
