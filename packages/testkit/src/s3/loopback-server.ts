import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";

/** An HTTP server on the loopback interface that ends with its scope. */
export interface LoopbackServer extends AsyncDisposable {
  readonly endpoint: string;
}

/** Starts a server on a free port. Leaving the scope cuts what is still connected. */
export async function startLoopbackServer(listener: RequestListener): Promise<LoopbackServer> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
