import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import type { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";

/** Bytes given to a connection at a time. */
const PIECE = 64 * 1024;

/** Innermost of what the SDK does for a request, so that every attempt passes it anew. */
const WIRE = { step: "deserialize", priority: "low" } as const;

/**
 * Gives a body to its connection in pieces. The connection's idle timer sees each piece go; of a single large write it
 * sees only the end, because TLS takes all of it at once.
 */
export function sendInPieces(command: PutObjectCommand, body: Buffer): void {
  command.middlewareStack.add(
    (next) => (args) => {
      if (body.length <= PIECE || typeof args.request !== "object") return next(args);
      // A copy: the SDK does not repeat a request whose body is a stream.
      return next({ ...args, request: { ...args.request, body: Readable.from(pieces(body)) } });
    },
    { ...WIRE, name: "sendInPieces" },
  );
}

/**
 * Reads an answer to its end before it counts as one, so that a body that is cut or falls silent is asked for again,
 * as a request without any answer is.
 */
export function readWhole(command: GetObjectCommand, signal: AbortSignal | undefined): void {
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (typeof response !== "object" || response === null || !("body" in response)) return result;
      if (!(response.body instanceof Readable)) return result;
      const bytes = await buffer(response.body).catch((error: unknown) => {
        // The body of an interrupted request looks like a cut one, which would be asked for again.
        signal?.throwIfAborted();
        throw error;
      });
      response.body = Readable.from([bytes]);
      return result;
    },
    { ...WIRE, name: "readWhole" },
  );
}

function* pieces(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += PIECE) yield body.subarray(at, at + PIECE);
}
