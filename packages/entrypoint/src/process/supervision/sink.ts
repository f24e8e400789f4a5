import { write } from "node:fs";
import { Socket } from "node:net";
import { Writable } from "node:stream";

import { codeOf } from "../../errors.ts";
import { reopenPipe } from "../reopened-pipe.ts";

const RETRY_MS = 5;

/**
 * A stream that ends in standard output (1) or standard error (2) of this process and leaves the descriptor as it is: open,
 * and blocking if it was. It never keeps the event loop from signals.
 */
export function openSink(fd: 1 | 2): Writable {
  const pipe = reopenPipe(fd);
  return pipe === undefined ? new DescriptorSink(fd) : new Socket({ fd: pipe, readable: false });
}

/** Files, terminals, sockets, and pipes of another user: a thread writes, and waits where it has to. */
class DescriptorSink extends Writable {
  readonly #fd: number;

  constructor(fd: number) {
    super({ highWaterMark: 65_536 });
    this.#fd = fd;
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    write(this.#fd, chunk, (error, written) => {
      if (error !== null && codeOf(error) !== "EAGAIN") done(error);
      else if (error !== null) setTimeout(() => this._write(chunk, _, done), RETRY_MS);
      else if (written < chunk.length) this._write(chunk.subarray(written), _, done);
      else done();
    });
  }
}
