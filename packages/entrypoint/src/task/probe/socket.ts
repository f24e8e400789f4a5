import type { Socket } from "node:net";

import { reasonOf } from "../../errors.ts";
import { locate } from "../../process/slow-names.ts";

/** How long one try may take. */
export const TRY_MS = 5_000;

/** Host and port of an address, with the port that its scheme stands for. */
export function hostOf(url: string, port: number): string {
  const { hostname, port: given } = new URL(url);
  return `${hostname === "" ? "localhost" : hostname}:${given === "" ? String(port) : given}`;
}

/** Where a URL's server listens: `unix:` has a path, all others a host and a port. */
export function targetOf(
  url: string,
  port: number,
): { readonly path: string } | { readonly host: string; readonly port: number } {
  const { protocol, hostname, pathname, port: given } = new URL(url);
  if (protocol === "unix:") return { path: decodeURIComponent(pathname) };
  const host = hostname === "" ? "localhost" : hostname.replace(/^\[|\]$/g, "");
  return { host, port: given === "" ? port : Number(given) };
}

/** How to connect beside the address. */
export interface SocketOptions {
  /** Where the address names none. */
  readonly port?: number;
  /** By TLS, with a certificate that the system's authorities vouch for. */
  readonly tls?: boolean;
}

/** Connects; rejects with the reason on one line. The caller destroys the socket. */
export async function openSocket(url: string, signal: AbortSignal, options: SocketOptions = {}): Promise<Socket> {
  const target = targetOf(url, options.port ?? 0);
  const { host, name } = await locate("host" in target ? target.host : "", signal);
  const place = "host" in target ? { host, port: target.port } : target;
  const socket = options.tls === true ? await openTls(place, name) : (await import("node:net")).connect(place);
  const ready = options.tls === true ? "secureConnect" : "connect";
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      const reason = new Error(reasonOf(error));
      socket.destroy(reason);
      reject(reason);
    };
    const onAbort = (): void => fail(signal.reason);
    const settle = (): void => signal.removeEventListener("abort", onAbort);
    socket.setTimeout(TRY_MS, () => fail(new Error(`no answer in ${String(TRY_MS / 1000)} s`)));
    socket.once("close", settle);
    socket.on("error", fail);
    socket.once(ready, () => resolve(socket));
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

async function openTls(place: ReturnType<typeof targetOf>, name: string): Promise<Socket> {
  const { connect } = await import("node:tls");
  const { isIP } = await import("node:net");
  return connect(name !== "" && isIP(name) === 0 ? { ...place, servername: name } : place);
}

/** Connects and goes. */
export async function askSocket(url: string, signal: AbortSignal): Promise<void> {
  const socket = await openSocket(url, signal);
  socket.destroy();
}
