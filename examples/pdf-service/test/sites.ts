import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on every address of this machine, so that containers find it at their gateway. */
export interface Site extends AsyncDisposable {
  readonly port: number;
  /** Connections, and for a canary datagrams, that came so far. */
  readonly touched: readonly string[];
}

/** What a canary says to those who get there. */
export const SECRET = "SECRET OF THE NETWORK";

/** Serves what pages may fetch. */
export async function startSite(listener: RequestListener): Promise<Site> {
  const touched: string[] = [];
  const server = createServer(listener);
  server.on("connection", ({ remoteAddress }) => touched.push(`connection from ${remoteAddress}`));
  server.listen(0);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    touched,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A server that nothing must reach, by TCP or UDP. */
export async function startCanary(): Promise<Site> {
  const site = await startSite((_request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.end(`<h1>${SECRET}</h1>`);
  });
  const touched = [...site.touched];
  const udp = createSocket("udp4", (_message, { address }) => touched.push(`datagram from ${address}`));
  udp.bind(site.port);
  await once(udp, "listening");
  return {
    port: site.port,
    get touched() {
      return [...site.touched, ...touched];
    },
    [Symbol.asyncDispose]: async () => {
      udp.close();
      await site[Symbol.asyncDispose]();
    },
  };
}
