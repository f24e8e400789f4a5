import { constants, fstatSync, openSync } from "node:fs";

/**
 * The pipe behind a standard stream opened once more, non-blocking: what this one is does not reach those who share the other.
 * Nothing for what is not a pipe, and for a pipe of another user.
 */
export function reopenPipe(fd: 1 | 2): number | undefined {
  try {
    if (!fstatSync(fd).isFIFO()) return undefined;
    return openSync(`/proc/self/fd/${String(fd)}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}
