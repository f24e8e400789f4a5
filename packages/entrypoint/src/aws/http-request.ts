/** An answer over HTTP, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<NodeJS.Dict<string | string[]>>;
  readonly body: string;
}

/** A request that needs no more than this. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How long a server may be silent. */
const SILENCE_MS = 5_000;

/** Longer answers, in bytes, are none of the services that are asked here. */
const LONGEST = 16 * 1024 * 1024;

/**
 * Sends a request on a connection of its own; `fetch` would load more than all the rest. Rejects when no whole answer comes,
 * or with the signal's reason.
 */
export async function sendRequest(
  { method, url, headers, body }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { request } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  signal.throwIfAborted();
  try {
    return await new Promise<HttpAnswer>((resolve, reject) => {
      const length = { "content-length": String(Buffer.byteLength(body)) };
      const options = { method, headers: { ...headers, ...length }, timeout: SILENCE_MS, agent: false, signal };
      const asked = request(url, options, (answer) => {
        const chunks: Buffer[] = [];
        let received = 0;
        answer.on("data", (chunk: Buffer) => {
          received += chunk.length;
          if (received > LONGEST) asked.destroy(new Error(`the answer is longer than ${String(LONGEST)} bytes`));
          else chunks.push(chunk);
        });
        answer.once("error", reject);
        answer.once("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text });
        });
      });
      asked.once("timeout", () => asked.destroy(new Error(`no answer in ${String(SILENCE_MS / 1000)} s`)));
      asked.once("error", reject);
      asked.end(body);
    });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
