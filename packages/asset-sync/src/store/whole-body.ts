import type { IncomingMessage } from "node:http";

import { OversizeError } from "./oversize.ts";

/** What S3 says of a thousand keys of the greatest length is a third of it. */
export const TEXT_AT_MOST: number = 16 * 2 ** 20;

/**
 * All bytes of an answer, which need not say how many they are. The reader that Node has for any stream makes a blob of them
 * first, which for the empty answer to a PUT costs more than the rest of reading it.
 *
 * @throws OversizeError once there are more than `atMost`; the connection is closed
 * @throws what broke the connection
 */
export function wholeBody(answer: IncomingMessage, atMost: number = Number.POSITIVE_INFINITY): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    answer.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > atMost) return answer.destroy(new OversizeError(size, atMost));
      return chunks.push(chunk);
    });
    answer.once("end", () => resolve(Buffer.concat(chunks)));
    answer.once("error", reject);
  });
}

/**
 * An answer that is no object: XML, or what explains a failure.
 *
 * @throws an error for an answer that is longer than any of S3's
 * @throws what broke the connection
 */
export async function wholeText(answer: IncomingMessage): Promise<string> {
  try {
    return (await wholeBody(answer, TEXT_AT_MOST)).toString();
  } catch (cause) {
    if (!(cause instanceof OversizeError)) throw cause;
    throw endlessAnswer(cause);
  }
}

/** What to say of an answer that is longer than any of S3's. */
export function endlessAnswer(cause?: unknown): Error {
  return new Error(`the answer goes on after ${TEXT_AT_MOST} bytes, as none of S3's does`, { cause });
}
