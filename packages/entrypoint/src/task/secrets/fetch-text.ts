/** How long one request may take. */
const REQUEST_MS = 5_000;

/** Longer answers are none of these services'. */
const LONGEST = 16 * 1024 * 1024;

/** What is sent. */
export interface TextRequest {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer, read to its end. */
export interface TextAnswer {
  readonly status: number;
  /** The server's clock, where it says it. */
  readonly date: string | undefined;
  readonly text: string;
}

/** Sends a request on a connection of its own; rejects when no whole answer comes. `fetch` would load more than all the rest. */
export async function fetchText(url: string, sent: TextRequest, signal: AbortSignal): Promise<TextAnswer> {
  const { request } = url.startsWith("https:") ? await import("node:https") : await import("node:http");
  return new Promise((resolve, reject) => {
    const { method, headers, body = "" } = sent;
    const asked = request(url, { method, headers, signal, timeout: REQUEST_MS, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > LONGEST) asked.destroy(new Error("the answer is too long"));
        else chunks.push(chunk);
      });
      response.once("error", reject);
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          date: response.headers.date,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    asked.once("timeout", () => asked.destroy(new Error(`no answer in ${String(REQUEST_MS / 1000)} s`)));
    asked.once("error", reject);
    asked.end(body);
  });
}
