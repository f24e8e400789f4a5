import { request as forward, type IncomingMessage, type ServerResponse } from "node:http";

import { startLoopbackServer } from "@slipway/testkit";

/** What stands in front of a registry does instead of passing a request on; undefined passes it on. */
export type Intervention = { readonly status: number; readonly body: string } | "cut" | undefined;

/** A request as it is seen on its way. */
export interface SeenRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
}

/** A registry seen through something that counts, refuses and cuts. */
export interface RegistryProxy extends AsyncDisposable {
  readonly host: string;
  readonly requests: SeenRequest[];
  /** Decides about every request, the number of which counts from 1. */
  intervene: (request: SeenRequest, number: number) => Intervention;
}

/** Starts one in front of a registry on loopback. */
export async function registryProxy(upstream: string): Promise<RegistryProxy> {
  const requests: SeenRequest[] = [];
  const server = await startLoopbackServer((request, response) => {
    const { method = "GET", url = "/" } = request;
    const seen = { method, path: url.replace(/\?.*/, "") };
    requests.push(seen);
    const intervention = proxy.intervene(seen, requests.length);
    if (intervention === undefined) pass(request, response, upstream);
    else if (intervention === "cut") response.socket?.resetAndDestroy();
    else refuse(request, response, intervention);
  });
  const proxy: RegistryProxy = {
    host: new URL(server.endpoint).host,
    requests,
    intervene: () => undefined,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return proxy;
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body }: { readonly status: number; readonly body: string },
): void {
  request.resume().once("end", () => response.writeHead(status, { "content-type": "application/json" }).end(body));
}

/** The Host header stays, so that the registry's addresses lead through here again. */
function pass(request: IncomingMessage, response: ServerResponse, upstream: string): void {
  const { method, url, headers } = request;
  const [hostname, port] = upstream.split(":");
  const outgoing = forward({ hostname, port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on("error", () => response.socket?.resetAndDestroy());
  response.on("close", () => outgoing.destroy());
  request.pipe(outgoing);
}
