import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { once } from "node:events";
import { brotliCompressSync, gzipSync } from "node:zlib";

import type { S3Double } from "@slipway/testkit";

/** How a CDN answers for a key: what is stored, and what it makes of it. */
export interface CdnAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Changes an answer, or takes the connection into its own hands by returning nothing. */
export type CdnFault = (
  answer: CdnAnswer,
  request: { readonly key: string; readonly headers: IncomingHttpHeaders; readonly response: ServerResponse },
) => CdnAnswer | undefined;

/** A CDN in front of a bucket: packs text for those who take it, allows every origin. */
export interface Cdn extends AsyncDisposable {
  readonly url: URL;
  readonly asked: { readonly key: string; readonly headers: IncomingHttpHeaders }[];
  fault: CdnFault;
}

export async function startCdn(double: S3Double, bucket: string, prefix: string): Promise<Cdn> {
  const asked: { readonly key: string; readonly headers: IncomingHttpHeaders }[] = [];
  const server = createServer((incoming, response) => {
    const key = decodeURIComponent((incoming.url ?? "").replace(/^\/cdn\//, ""));
    const { headers } = incoming;
    asked.push({ key, headers });
    const answer = cdn.fault(answerFor(double, bucket, `${prefix}${key}`), { key, headers, response });
    if (answer !== undefined) response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const cdn: Cdn = {
    url: new URL(`http://127.0.0.1:${port}/cdn`),
    asked,
    fault: (answer) => answer,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return cdn;
}

function answerFor(double: S3Double, bucket: string, key: string): CdnAnswer {
  const object = double.objects(bucket).get(key);
  if (object === undefined) return { status: 404, headers: { "content-type": "text/html" }, body: Buffer.from("404") };
  const headers: Record<string, string> = { ...object.headers, "access-control-allow-origin": "*" };
  if ("content-encoding" in headers || !/text/.test(headers["content-type"] ?? "")) {
    return { status: 200, headers, body: object.body };
  }
  const packed = /css/.test(headers["content-type"] ?? "") ? "br" : "gzip";
  const body = packed === "br" ? brotliCompressSync(object.body) : gzipSync(object.body);
  return { status: 200, headers: { ...headers, "content-encoding": packed }, body };
}
