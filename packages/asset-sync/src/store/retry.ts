import type { FailedRequest } from "./failed-request.ts";

/**
 * Why a failed request is made again: its connection or answer broke, the endpoint wants less at a time, our clock is
 * wrong, or our credentials have run out.
 */
export type RetryReason = "broken" | "throttled" | "clock" | "credentials";

interface RetryRow {
  readonly reason: RetryReason;
  readonly names?: readonly string[];
  readonly statuses?: readonly number[];
}

/** First match wins. Names: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and those of Node and its fetch. */
const ROWS: readonly RetryRow[] = [
  { reason: "clock", names: ["RequestTimeTooSkewed"] },
  { reason: "credentials", names: ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"] },
  {
    reason: "throttled",
    names: ["SlowDown", "ServiceUnavailable", "Throttling", "ThrottlingException", "TooManyRequests", "RequestTimeout"],
    statuses: [429, 503],
  },
  { reason: "throttled", names: ["TimeoutError", "ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"] },
  {
    reason: "broken",
    names: ["InternalError", "OperationAborted", "IncompleteBody"],
    statuses: [408, 500, 502, 504],
  },
  {
    reason: "broken",
    names: [
      "ECONNRESET",
      "ECONNREFUSED",
      "ECONNABORTED",
      "EPIPE",
      "EAI_AGAIN",
      "ENETUNREACH",
      "EHOSTUNREACH",
      "UND_ERR_SOCKET",
    ],
  },
];

const BASE_MS: Readonly<Record<RetryReason, number>> = { broken: 100, throttled: 500, clock: 0, credentials: 0 };
const LONGEST_PAUSE_MS = 20_000;

/** Why a failed request is worth another attempt; undefined when it is not. */
export function retryReason(failure: FailedRequest): RetryReason | undefined {
  return ROWS.find(
    ({ names = [], statuses = [] }) =>
      names.includes(failure.name) ||
      (failure.code !== undefined && names.includes(failure.code)) ||
      (failure.status !== undefined && statuses.includes(failure.status)),
  )?.reason;
}

/**
 * How long to wait after the n-th attempt, in milliseconds: full jitter over a doubling span, and at least what the
 * endpoint asks for with Retry-After, both up to 20 seconds.
 */
export function retryPause(
  attempt: number,
  reason: RetryReason,
  failure: FailedRequest,
  random: () => number = Math.random,
): number {
  const span = Math.min(LONGEST_PAUSE_MS, BASE_MS[reason] * 2 ** (attempt - 1));
  return Math.min(LONGEST_PAUSE_MS, Math.max(random() * span, failure.retryAfterMs ?? 0));
}
