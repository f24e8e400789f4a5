import type { Connection, ConnectionOptions } from "mysql2/promise";

import { codeOf, EntrypointError, isBug, messageOf, printable, type ErrorCode } from "../../errors.ts";
import { answerInTime } from "../answer.ts";
import { readRegularFile } from "../../process/regular-file.ts";
import { locate } from "../../process/slow-names.ts";
import { ElectionLost } from "../store.ts";
import { mysqlAddressName, readMysqlAddress, type MysqlAddress } from "./address.ts";

/** How long one connection attempt may take. */
const CONNECT_MS = 5_000;

/** A server that hears nothing for this long ends the session, and so frees its locks: a dead network sends no end. */
const SETTINGS = "set session wait_timeout = 30, autocommit = 1, time_zone = '+00:00'";

/** What a session is for: questions to the address' database, or the server, where that need not exist yet. */
export type SessionUse = "database" | "server";

/**
 * Opens a connection.
 * @throws ElectionLost when the server cannot be reached; EntrypointError when it refuses this user or database, or when a
 * certificate cannot be read
 */
export async function openMysql(url: string, signal: AbortSignal, use: SessionUse = "database"): Promise<Connection> {
  const address = readMysqlAddress(url);
  if (address.database === "") {
    const message = `MySQL at ${mysqlAddressName(url)}: the address names no database`;
    throw new EntrypointError("ENTRYPOINT_DATABASE_MISSING", { message, hint: "mysql2://USER:PASSWORD@HOST/DATABASE" });
  }
  const place: Place = { ...address, used: use === "database" ? address.database : undefined };
  try {
    if (address.tls !== "preferred") return await openOnce(place, tlsOptions(address), signal);
    return await openOnce(place, { rejectUnauthorized: false }, signal).catch((error: unknown) => {
      if (codeOf(error) !== "HANDSHAKE_NO_SSL_SUPPORT") throw error;
      return openOnce(place, undefined, signal);
    });
  } catch (error) {
    signal.throwIfAborted();
    throw mysqlError(error, url);
  }
}

/** An address and the database that is chosen at once. */
interface Place extends MysqlAddress {
  readonly used: string | undefined;
}

async function openOnce(address: Place, ssl: ConnectionOptions["ssl"], signal: AbortSignal): Promise<Connection> {
  const { createConnection } = await import("mysql2");
  signal.throwIfAborted();
  const { port, socket, used, user, password } = address;
  // The driver holds the certificate against the host that it is given.
  const named = address.tls === "verify_identity";
  const { host } = named ? address : await locate(socket ?? address.host, signal);
  const place = socket === undefined ? { host, port } : { socketPath: socket };
  const options = { ...place, user, password, connectTimeout: CONNECT_MS, enableKeepAlive: true };
  const optional = { ...(ssl === undefined ? {} : { ssl }), ...(used === undefined ? {} : { database: used }) };
  const opened = createConnection({ ...options, ...optional });
  // Without a listener a connection that breaks between two queries would be an uncaught exception.
  opened.on("error", () => undefined);
  const connection = opened.promise();
  try {
    await answerInTime(
      () => opened.destroy(),
      () => connection.query(SETTINGS),
      { signal },
    );
    return connection;
  } catch (error) {
    opened.destroy();
    throw error;
  }
}

function tlsOptions({ tls, authority }: MysqlAddress): ConnectionOptions["ssl"] {
  if (tls === "disabled") return undefined;
  const ca = authority === undefined ? {} : { ca: readAuthority(authority) };
  if (tls === "required") return { ...ca, rejectUnauthorized: false };
  return { ...ca, rejectUnauthorized: true, verifyIdentity: tls === "verify_identity" };
}

function readAuthority(path: string): string {
  try {
    return readRegularFile(path);
  } catch (cause) {
    const why = codeOf(cause) === "ENOENT" ? "no such file" : messageOf(cause);
    throw new EntrypointError("ENTRYPOINT_DATABASE_TLS", { message: `sslca ${path}: ${why}`, cause });
  }
}

/** How long the server may take to answer the end of a connection. */
const GOODBYE_MS = 500;

/** Ends a connection in the protocol's way, or without it when that takes too long; never fails. */
export async function closeMysql(connection: Connection): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, GOODBYE_MS)));
  await Promise.race([connection.end().catch(() => undefined), late]);
  clearTimeout(timer);
  connection.destroy();
}

/** Errors that trying again does not mend. */
const REFUSALS: Readonly<Record<string, ErrorCode>> = {
  ER_ACCESS_DENIED_ERROR: "ENTRYPOINT_DATABASE_LOGIN",
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: "ENTRYPOINT_DATABASE_LOGIN",
  ER_HOST_NOT_PRIVILEGED: "ENTRYPOINT_DATABASE_LOGIN",
  ER_BAD_DB_ERROR: "ENTRYPOINT_DATABASE_MISSING",
  ER_DBACCESS_DENIED_ERROR: "ENTRYPOINT_ELECTION_REFUSED",
  ER_TABLEACCESS_DENIED_ERROR: "ENTRYPOINT_ELECTION_REFUSED",
};

const GRANT = "Let an administrator run: CREATE DATABASE slipway; GRANT ALL ON slipway.* TO the_user.";

/** An error of the driver as one of ours. */
export function mysqlError(error: unknown, url: string): Error {
  if (error instanceof ElectionLost || error instanceof EntrypointError || isBug(error)) return error;
  const refusal = REFUSALS[codeOf(error)];
  const reason = printable(messageOf(error) || codeOf(error)).replace(/\s+/g, " ");
  if (refusal === undefined) return new ElectionLost(reason, { cause: error });
  const hint = refusal === "ENTRYPOINT_ELECTION_REFUSED" ? { hint: GRANT } : {};
  const message = `MySQL at ${mysqlAddressName(url)} refused: ${reason}`;
  return new EntrypointError(refusal, { message, cause: error, ...hint });
}
