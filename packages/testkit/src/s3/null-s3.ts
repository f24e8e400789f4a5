import type { IncomingMessage, ServerResponse } from "node:http";

import { startLoopbackServer, type LoopbackServer } from "./loopback-server.ts";

/** An S3 that takes everything and keeps nothing, for measuring who talks to it. */
export interface NullS3 extends LoopbackServer {
  /** Bytes of bodies that were taken. */
  taken(): number;
}

/** Starts it on a free port of the loopback interface. Signatures are not looked at; no object is ever there. */
export async function startNullS3(): Promise<NullS3> {
  let taken = 0;
  const server = await startLoopbackServer((incoming, response) => {
    incoming.on("data", (chunk: Buffer) => (taken += chunk.length));
    incoming.on("end", () => answer(incoming, response));
  });
  return { ...server, taken: () => taken };
}

function answer({ method, url = "" }: IncomingMessage, response: ServerResponse): void {
  const absent = method === "GET" || method === "HEAD";
  // Only AWS is known to keep to conditions without being asked.
  response.writeHead(absent ? 404 : 200, { etag: '"0"', server: "AmazonS3" });
  if (absent) return void response.end(method === "GET" ? ABSENT : undefined);
  response.end(method === "POST" ? (url.includes("uploads") ? BEGUN : ENDED) : undefined);
}

const ABSENT = "<Error><Code>NoSuchKey</Code></Error>";
const BEGUN = "<R><UploadId>1</UploadId></R>";
const ENDED = "<R><ETag>0</ETag></R>";
