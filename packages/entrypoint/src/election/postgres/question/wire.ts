import type { Duplex } from "node:stream";

import { serverError, type Message } from "./messages.ts";

/** What a server says, read when it is wanted. */
export interface Wire {
  readonly stream: Duplex;
  /** Resolves when the bytes are on their way, or never will be: whoever waits for an answer is told. */
  send(bytes: Buffer): Promise<void>;
  /** The next so many bytes. */
  take(length: number): Promise<Buffer>;
  /** The next message; one that reports an error is thrown, with its SQLSTATE as `code`. */
  next(): Promise<Message>;
  /** Gives the stream away. What has come by then was not said by whom it is given to, and is refused. */
  release(): Duplex;
}

const HEAD = 5;

/** No message of a log-in and no row of ours is as long: what begins like that is not PostgreSQL. */
const LONGEST = 1_048_576;

export function openWire(stream: Duplex): Wire {
  let bytes: Buffer = Buffer.alloc(0);
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    wake?.();
  };
  const keep = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    wake?.();
  };
  stream.on("data", keep).on("error", fail);
  stream.on("close", () => fail(new Error("the connection was closed")));
  const send = async (sent: Buffer): Promise<void> =>
    new Promise((resolve) => void stream.write(sent, () => resolve()));
  const take = async (length: number): Promise<Buffer> => {
    while (bytes.length < length) {
      if (failure !== undefined) throw failure;
      await new Promise<void>((resolve) => (wake = resolve));
    }
    const taken = bytes.subarray(0, length);
    bytes = bytes.subarray(length);
    return taken;
  };
  const next = async (): Promise<Message> => {
    const head = await take(HEAD);
    const length = head.readInt32BE(1) - (HEAD - 1);
    if (length < 0 || length > LONGEST) throw new Error("the server does not speak PostgreSQL's protocol");
    const message = { type: head.toString("latin1", 0, 1), body: await take(length) };
    if (message.type === "E") throw serverError(message);
    return message;
  };
  const release = (): Duplex => {
    if (bytes.length > 0) throw new Error("the server speaks before TLS does");
    return stream.off("data", keep);
  };
  return { stream, send, take, next, release };
}
