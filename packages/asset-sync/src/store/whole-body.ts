import type { IncomingMessage } from "node:http";

/**
 * All bytes of an answer. The reader that Node has for any stream makes a blob of them first, which for the empty answer
 * to a PUT costs more than the rest of reading it.
 *
 * @throws what broke the connection
 */
export function wholeBody(answer: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.once("end", () => resolve(Buffer.concat(chunks)));
    answer.once("error", reject);
  });
}
