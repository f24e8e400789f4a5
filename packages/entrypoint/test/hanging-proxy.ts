import { EventEmitter, once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A proxy before a PostgreSQL server that stops forwarding. */
export interface HangingProxy extends AsyncDisposable {
  /** The server's URL, by way of the proxy. */
  readonly url: string;
  /** Resolves once it has swallowed the text. */
  readonly hung: Promise<void>;
}

/**
 * Forwards everything until a client sends the text for the `nth` time; from then on all its connections stay open and nothing passes in
 * either direction.
 */
export async function hangingProxy(upstream: string, text: string, nth = 1): Promise<HangingProxy> {
  const target = new URL(upstream);
  const sockets = new Set<Socket>();
  const swallowed = new EventEmitter();
  const hung = once(swallowed, "text").then(() => undefined);
  let silent = false;
  let sentences = 0;
  const server = createServer((client) => {
    const behind = connect({ host: target.hostname, port: Number(target.port) });
    for (const socket of [client, behind]) sockets.add(socket.on("error", () => undefined));
    client.on("data", (sent) => {
      if (sent.includes(text)) sentences += 1;
      if (sentences === nth && !silent) {
        silent = true;
        swallowed.emit("text");
      }
      if (!silent) behind.write(sent);
    });
    behind.on("data", (sent) => (silent ? undefined : client.write(sent)));
    client.on("close", () => behind.destroy());
    behind.on("close", () => (silent ? undefined : client.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(upstream);
  url.port = String(typeof address === "object" && address !== null ? address.port : 0);
  return {
    url: url.href,
    hung,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
