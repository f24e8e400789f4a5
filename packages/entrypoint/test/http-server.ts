import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A server on a port of its own. */
export interface HttpServer extends AsyncDisposable {
  readonly origin: string;
}

/** Starts a server that answers by `handle`. */
export async function startHttpServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<HttpServer> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${String(typeof address === "object" && address !== null ? address.port : 0)}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
