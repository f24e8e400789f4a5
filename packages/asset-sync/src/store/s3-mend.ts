import type { S3Client } from "@aws-sdk/client-s3";

import type { FailedRequest } from "./failed-request.ts";
import type { RetryReason } from "./retry.ts";

/** A clock that is wrong by less than this is not what S3 complains of. */
const LEAST_SKEW_MS = 60_000;

/**
 * Mends what a failed request complains of, so that the next attempt can succeed: takes the endpoint's clock, or asks
 * for newer credentials. False when that changes nothing.
 */
export async function mendConnection(client: S3Client, reason: RetryReason, failure: FailedRequest): Promise<boolean> {
  if (reason === "clock") return takeClock(client, failure);
  if (reason === "credentials") return await renewCredentials(client);
  return true;
}

function takeClock({ config }: S3Client, { serverTime }: FailedRequest): boolean {
  if (serverTime === undefined) return false;
  const offset = serverTime - Date.now();
  // The SDK may have taken it already from the same answer.
  if (Math.abs(offset) < LEAST_SKEW_MS) return false;
  config.systemClockOffset = offset;
  return true;
}

async function renewCredentials({ config }: S3Client): Promise<boolean> {
  const before = await config.credentials();
  const after = await config.credentials({ forceRefresh: true });
  return before.accessKeyId !== after.accessKeyId || before.sessionToken !== after.sessionToken;
}
