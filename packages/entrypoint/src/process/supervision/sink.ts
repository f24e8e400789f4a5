import { write } from "node:fs";
import { Socket } from "node:net";
import { Writable } from "node:stream";

import { codeOf } from "../../errors.ts";
import { reopenPipe } from "../reopened-pipe.ts";

const RETRY_MS = 5;

/** Bytes that go to a descriptor at once: each piece that somebody has taken shows. */
const PIECE = 65_536;

/** A stream that tells how many bytes have been taken from it. */
export abstract class Sink extends Writable {
  protected readonly fd: number;
  taken = 0;

  constructor(fd: number) {
    super({ highWaterMark: PIECE });
    this.fd = fd;
  }

  /** Hands on what it can of a piece, and says how much that was. */
  protected abstract hand(piece: Buffer, done: (error: Error | null, written: number) => void): void;

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.hand(chunk.subarray(0, PIECE), (error, written) => {
      if (error !== null) return done(error);
      this.taken += written;
      return written < chunk.length ? this._write(chunk.subarray(written), _, done) : done();
    });
  }
}

/**
 * A stream that ends in standard output (1) or standard error (2) of this process and leaves the descriptor as it is: open,
 * and blocking if it was. It never keeps the event loop from signals.
 */
export function openSink(fd: 1 | 2): Sink {
  const pipe = reopenPipe(fd);
  return pipe === undefined ? new DescriptorSink(fd) : new PipeSink(pipe);
}

/** A pipe that is ours to open anew: the event loop writes. */
class PipeSink extends Sink {
  readonly #socket: Socket;

  constructor(fd: number) {
    super(fd);
    this.#socket = new Socket({ fd, readable: false });
    this.#socket.on("error", (error) => this.destroy(error));
  }

  protected override hand(piece: Buffer, done: (error: Error | null, written: number) => void): void {
    this.#socket.write(piece, (error) => done(error ?? null, piece.length));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

/** Files, terminals, sockets, and pipes of another user: a thread writes, and waits where it has to. */
class DescriptorSink extends Sink {
  protected override hand(piece: Buffer, done: (error: Error | null, written: number) => void): void {
    write(this.fd, piece, (error, written) => {
      if (error !== null && codeOf(error) === "EAGAIN") setTimeout(() => this.hand(piece, done), RETRY_MS);
      else done(error, written);
    });
  }
}
