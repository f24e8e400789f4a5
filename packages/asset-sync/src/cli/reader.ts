import type { Output } from "./terminal.ts";

/** A stream of this process, as far as it is looked at here. */
interface OwnStream extends Output {
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** What a write says once the other end of the pipe is closed, and what every later one says. */
const CLOSED: ReadonlySet<string | undefined> = new Set([
  "EPIPE",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_WRITE_AFTER_END",
]);

/**
 * An output whose reader may leave, as `head` and `grep -q` do: from then on nothing is written, and the work goes on
 * to its end with its own exit code. Assets that are half sent, without ledger and receipt, would be a high price for
 * a reader that has seen enough; and a build must not fail, or only now and then, because of how its log is cut.
 *
 * @throws as the stream does, for any other failure to write, such as a full disk
 */
export function untilReaderLeaves(stream: OwnStream): Output {
  let left = false;
  stream.on("error", (error) => {
    if (!CLOSED.has(error.code)) throw error;
    left = true;
  });
  return {
    get isTTY(): boolean {
      return stream.isTTY === true;
    },
    get columns(): number | undefined {
      return stream.columns;
    },
    write: (text) => left || stream.write(text),
  };
}
