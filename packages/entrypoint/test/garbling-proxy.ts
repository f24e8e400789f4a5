import { connect, createServer, type Socket } from "node:net";

/** A proxy before a database server that changes what clients say. */
export interface GarblingProxy extends AsyncDisposable {
  /** The server's URL, by way of the proxy. */
  readonly url: string;
  /** How many clients have come. */
  connections(): number;
}

/** Forwards everything, but puts another text of the same length in the place of one that a client sends. */
export async function garblingProxy(upstream: string, text: string, other: string): Promise<GarblingProxy> {
  const target = new URL(upstream);
  const sockets = new Set<Socket>();
  let clients = 0;
  const server = createServer((client) => {
    clients += 1;
    const behind = connect({ host: target.hostname, port: Number(target.port) });
    for (const socket of [client, behind]) sockets.add(socket.on("error", () => undefined));
    client.on("data", (sent) => {
      const said = sent.toString("latin1").replaceAll(text, other);
      behind.write(Buffer.from(said, "latin1"));
    });
    behind.on("data", (sent) => client.write(sent));
    client.on("close", () => behind.destroy());
    behind.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(upstream);
  url.port = String(typeof address === "object" && address !== null ? address.port : 0);
  return {
    url: url.href,
    connections: () => clients,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
