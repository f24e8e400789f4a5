import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

/** What a load balancer does in a rolling deployment. */
export interface RollingProxy extends AsyncDisposable {
  readonly url: string;
  /** Sends requests there too. */
  add(backend: string): void;
  /** Sends no more there, and resolves when all that were sent are answered. */
  remove(backend: string): Promise<void>;
}

/** Starts the proxy; it asks its backends in turn, and each request once. */
export async function startProxy(): Promise<RollingProxy> {
  const backends: string[] = [];
  const open = new Map<string, number>();
  const drained = new Map<string, () => void>();

  const count = (backend: string, change: 1 | -1): void => {
    const left = (open.get(backend) ?? 0) + change;
    open.set(backend, left);
    if (left === 0) drained.get(backend)?.();
  };
  const server = createServer((asked, answer) => {
    const backend = backends.shift();
    if (backend === undefined) {
      answer.writeHead(503).end("no backend");
      return;
    }
    backends.push(backend);
    count(backend, 1);
    answer.once("close", () => count(backend, -1));
    pass(backend, asked, answer);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    add: (backend) => void backends.push(backend),
    remove: async (backend) => {
      backends.splice(backends.indexOf(backend), 1);
      const done = new Promise<void>((resolve) => drained.set(backend, resolve));
      if ((open.get(backend) ?? 0) > 0) await done;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

function pass(backend: string, asked: IncomingMessage, answer: ServerResponse): void {
  const { method, url = "/", headers } = asked;
  const sent = request(`${backend}${url}`, { method, headers, agent: false }, (came) => {
    answer.writeHead(came.statusCode ?? 502, came.headers);
    came.pipe(answer);
    came.once("error", () => answer.destroy());
  });
  sent.once("error", (error) => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end(String(error))));
  asked.pipe(sent);
}
