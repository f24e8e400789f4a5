import { closeSync, writeSync } from "node:fs";

import { codeOf } from "../errors.ts";
import { now } from "./clock.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { censored } from "./redaction/concealed.ts";
import { reopenPipe } from "./reopened-pipe.ts";

/** How long a reader that does not read may hold up a start that listens for signals. */
const PATIENCE_MS = 1_000;
const RETRY_MS = 5;

/** Streams whose reader used up the patience once: until it reads again, nobody waits for it. */
const stuck = new Set<number>();

/**
 * Writes to standard output (1) or standard error (2) at once and completely. `process.stdout` is never touched:
 * it makes a pipe non-blocking, and the program that takes this process over would inherit that.
 *
 * While this process listens for TERM, a wait for the reader of a pipe would keep the signal from being heard: after
 * a second the text is dropped.
 * @returns the code of the error that has ended the writing, empty when there was none
 */
export function writeOut(fd: 1 | 2, text: string): string {
  const bounded = process.listenerCount("SIGTERM") > 0;
  const pipe = bounded ? reopenPipe(fd) : undefined;
  try {
    return writeAll(pipe ?? fd, Buffer.from(censored(text)), { fd, bounded });
  } finally {
    if (pipe !== undefined) closeSync(pipe);
  }
}

function writeAll(
  to: number,
  text: Buffer,
  { fd, bounded }: { readonly fd: number; readonly bounded: boolean },
): string {
  const until = now() + (stuck.has(fd) ? 0 : PATIENCE_MS);
  let rest = text;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(to, rest));
      stuck.delete(fd);
    } catch (error) {
      const code = codeOf(error);
      if (code !== "EAGAIN") return code;
      if (bounded && now() >= until) {
        stuck.add(fd);
        return code;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
  return "";
}

/**
 * Prints what was asked for on standard output. A reader that has gone has what it wanted.
 * @returns 0; when it cannot be written, 125 after a message on standard error
 */
export function printOut(text: string): number {
  const failure = writeOut(1, text);
  if (failure === "" || failure === "EPIPE") return 0;
  writeOut(2, `entrypoint: standard output cannot be written to: ${failure}\n`);
  return EXIT_CODES.ownFailure;
}
