import { readFileSync } from "node:fs";

import type { ConnectionOptions, SslOptions } from "mysql2";

import { codeOf, EntrypointError, messageOf } from "../../errors.ts";
import { TRY_MS } from "./socket.ts";

/** One way to connect: plain, or by TLS with these options. */
type Channel = SslOptions | undefined;

/** Logs in and asks `select 1`. */
export async function askMysql(url: string, signal: AbortSignal): Promise<void> {
  const ways = channels(url);
  for (const [index, channel] of ways.entries()) {
    try {
      return await askBy(optionsOf(url), channel, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (codeOf(error) !== "HANDSHAKE_NO_SSL_SUPPORT" || index === ways.length - 1) throw error;
    }
  }
}

/**
 * The ways to connect, in the order in which they are tried, as the server's own clients do: `ssl_mode` and `sslca` as Rails'
 * adapters take them in an address.
 * Source: https://dev.mysql.com/doc/refman/8.4/en/connection-options.html#option_general_ssl-mode
 */
function channels(url: string): readonly Channel[] {
  const { searchParams } = new URL(url);
  const authority = searchParams.get("sslca") ?? searchParams.get("ssl_ca");
  const ca = authority === null ? {} : { ca: readAuthority(authority) };
  const mode = (searchParams.get("ssl_mode") ?? (authority === null ? "preferred" : "verify_ca")).toLowerCase();
  if (mode === "disabled") return [undefined];
  if (mode === "preferred") return [{ rejectUnauthorized: false }, undefined];
  if (mode === "required") return [{ rejectUnauthorized: false }];
  return [{ ...ca, rejectUnauthorized: true, verifyIdentity: mode === "verify_identity" }];
}

/** @throws EntrypointError `ENTRYPOINT_DATABASE_TLS`, which no waiting mends */
function readAuthority(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new EntrypointError("ENTRYPOINT_DATABASE_TLS", { message: `sslca ${path}: ${messageOf(cause)}`, cause });
  }
}

function optionsOf(url: string): ConnectionOptions {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const socketPath = searchParams.get("socket");
  const place = socketPath === null ? { host: hostname, port: port === "" ? 3306 : Number(port) } : { socketPath };
  const database = decodeURIComponent(pathname.slice(1));
  return {
    ...place,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    ...(database !== "" && { database }),
    connectTimeout: TRY_MS,
  };
}

async function askBy(options: ConnectionOptions, ssl: Channel, signal: AbortSignal): Promise<void> {
  const { createConnection } = await import("mysql2");
  signal.throwIfAborted();
  const connection = createConnection({ ...options, ...(ssl !== undefined && { ssl }) });
  const onAbort = (): void => connection.destroy();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      // Without a listener a connection that breaks later would be an uncaught exception.
      connection.on("error", reject);
      signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
      connection.query({ sql: "select 1", timeout: TRY_MS }, (error) => (error === null ? resolve() : reject(error)));
    });
  } finally {
    signal.removeEventListener("abort", onAbort);
    connection.destroy();
  }
}
