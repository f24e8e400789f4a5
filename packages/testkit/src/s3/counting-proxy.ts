import { request as forward, type IncomingMessage, type ServerResponse } from "node:http";

import { startLoopbackServer } from "./loopback-server.ts";
import { pathStyleAddress, plainHeaders, type LoggedRequest } from "./request-log.ts";

/** A proxy that counts what passes to a real endpoint. */
export interface CountingProxy extends AsyncDisposable {
  readonly endpoint: string;
  readonly log: LoggedRequest[];
}

/** Starts a proxy on a free port. It passes the Host header on as the client signed it, so that signatures hold. */
export async function startCountingProxy(upstream: string): Promise<CountingProxy> {
  const log: LoggedRequest[] = [];
  const server = await startLoopbackServer((incoming, response) => pass(incoming, response, new URL(upstream), log));
  return { ...server, log };
}

function pass(incoming: IncomingMessage, response: ServerResponse, upstream: URL, log: LoggedRequest[]): void {
  const { method = "GET", url = "/", headers } = incoming;
  const address = pathStyleAddress(url);
  if (address === undefined) return void response.writeHead(400).end();
  const request: LoggedRequest = { method, ...address, headers: plainHeaders(headers) };
  log.push(request);
  const { hostname, port } = upstream;
  const outgoing = forward({ hostname, port, method, path: url, headers, agent: false }, (answer) => {
    request.status = answer.statusCode ?? 0;
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on("error", () => response.socket?.resetAndDestroy());
  incoming.pipe(outgoing);
}
