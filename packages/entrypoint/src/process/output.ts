import { writeSync } from "node:fs";
import { codeOf } from "../errors.ts";

/**
 * Writes to standard output (1) or standard error (2) at once and completely. `process.stdout` is never touched:
 * it makes a pipe non-blocking, and the program that takes this process over would inherit that.
 */
export function writeOut(fd: 1 | 2, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if (codeOf(error) !== "EAGAIN") return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
