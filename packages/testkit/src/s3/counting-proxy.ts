import { Agent, request as forward, type IncomingMessage, type ServerResponse } from "node:http";

import { startLoopbackServer } from "./loopback-server.ts";
import { pathStyleAddress, plainHeaders, type LoggedRequest } from "./request-log.ts";

/** A proxy that counts what passes to a real endpoint. */
export interface CountingProxy extends AsyncDisposable {
  readonly endpoint: string;
  readonly log: LoggedRequest[];
}

/** Starts a proxy on a free port, which adds `delayMs` to each round trip. It passes the Host header on as the client signed it, so that signatures hold. */
export async function startCountingProxy(upstream: string, delayMs: number = 0): Promise<CountingProxy> {
  const log: LoggedRequest[] = [];
  const forwards = new Agent({ keepAlive: true });
  const server = await startLoopbackServer((incoming, response) => {
    const begin = (): void => pass(incoming, response, { upstream: new URL(upstream), log, forwards });
    if (delayMs === 0) begin();
    else setTimeout(begin, delayMs);
  });
  return {
    ...server,
    log,
    [Symbol.asyncDispose]: async () => {
      forwards.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

interface Passage {
  readonly upstream: URL;
  readonly log: LoggedRequest[];
  readonly forwards: Agent;
}

function pass(incoming: IncomingMessage, response: ServerResponse, { upstream, log, forwards }: Passage): void {
  const { method = "GET", url = "/", headers } = incoming;
  const address = pathStyleAddress(url);
  if (address === undefined) return void response.writeHead(400).end();
  const request: LoggedRequest = { method, ...address, headers: plainHeaders(headers) };
  log.push(request);
  const { hostname, port } = upstream;
  const outgoing = forward({ hostname, port, method, path: url, headers, agent: forwards }, (answer) => {
    request.status = answer.statusCode ?? 0;
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on("error", () => response.socket?.resetAndDestroy());
  incoming.pipe(outgoing);
}
