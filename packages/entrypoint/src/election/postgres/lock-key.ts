import { createHash } from "node:crypto";

/**
 * The advisory lock of a task: the first 8 bytes of SHA-256 of `slipway/election/TASK` as a signed number. In SQL:
 * `('x' || left(encode(sha256('slipway/election/migrate'), 'hex'), 16))::bit(64)::bigint`.
 */
export function lockKey(task: string): bigint {
  return createHash("sha256").update(`slipway/election/${task}`).digest().readBigInt64BE(0);
}
