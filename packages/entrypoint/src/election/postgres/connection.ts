import type { Client } from "pg";

import { codeOf, EntrypointError, isBug, reasonOf, type ErrorCode } from "../../errors.ts";
import { locate, type Located } from "../../process/slow-names.ts";
import { ElectionLost } from "../store.ts";
import { postgresAddress, readAddress, type DatabaseAddress } from "./address.ts";
import { answer, breakConnection, closeConnection } from "./answer.ts";
import { requireBinding } from "./channel-binding.ts";
import { channels, isChannelRefused, lacksTls, type Channel } from "./tls.ts";

/** How long one connection attempt may take. */
export const CONNECT_MS = 5_000;

/**
 * How many rounds of SCRAM a server may ask for. PostgreSQL's own number is 4,096; a server that asks for more than this would keep the
 * start busy, and deaf to signals.
 */
export const MOST_ROUNDS = 1_000_000;

/** What the driver's types do not know of. */
const UNTYPED = { scramMaxIterations: MOST_ROUNDS };

/**
 * Opens a connection for a session that lasts, which notices a dead peer: TCP keepalive on both sides, and no time limits a role
 * may have set.
 * @throws as {@link openConnection}
 */
export async function openLastingConnection(url: string, signal: AbortSignal): Promise<Client> {
  const client = await openConnection(url, signal);
  try {
    await answer(client, () => setUp(client), { signal });
    return client;
  } catch (error) {
    await closeConnection(client);
    signal.throwIfAborted();
    throw connectionError(error, url);
  }
}

/**
 * Opens a connection for a question, whose answer is waited for as `answer` does; the session is as the server makes it.
 * @throws as {@link overChannels}
 */
export async function openConnection(url: string, signal: AbortSignal): Promise<Client> {
  return overChannels(url, signal, (address, channel) => openChannel(address, channel, signal));
}

/** Connects by one way. `plainNext`: the next way is a plain one. */
type OpenChannel<T> = (address: DatabaseAddress & Located, channel: Channel, plainNext: boolean) => Promise<T>;

/**
 * Tries the ways to connect to a database until one is not refused for what it is.
 * @throws ElectionLost when the server cannot be reached; EntrypointError when it refuses this user or database, or when a
 * certificate cannot be read
 */
export async function overChannels<T>(url: string, signal: AbortSignal, open: OpenChannel<T>): Promise<T> {
  const address = readAddress(url);
  const located = await locate(address.host, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw connectionError(error, url);
  });
  let problem: unknown;
  const ways = channels(address);
  for (const [at, channel] of ways.entries()) {
    try {
      return await open({ ...address, ...located }, channel, ways[at + 1] === false);
    } catch (error) {
      signal.throwIfAborted();
      if (problem === undefined || !lacksTls(error)) problem = error;
      if (!isChannelRefused(error)) break;
    }
  }
  throw connectionError(problem, url);
}

async function openChannel(address: DatabaseAddress & Located, channel: Channel, signal: AbortSignal): Promise<Client> {
  const { default: pg } = await import("pg");
  signal.throwIfAborted();
  const { host, name, port, database, user, password, options, direct, bound } = address;
  const client = new pg.Client({
    ...UNTYPED,
    host,
    port,
    database,
    user,
    password,
    options,
    ssl: channel === false || host === name ? channel : { ...channel, servername: name },
    sslnegotiation: direct && channel !== false ? "direct" : "postgres",
    enableChannelBinding: bound,
    application_name: "slipway entrypoint",
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
  });
  // Without a listener a connection that breaks between two queries would be an uncaught exception.
  client.on("error", () => undefined);
  const checkBinding = bound ? requireBinding(client, `${name}:${String(port)}`) : undefined;
  try {
    await answer(client, () => client.connect(), { signal });
    checkBinding?.();
  } catch (error) {
    // There is no session to end.
    breakConnection(client);
    throw error;
  }
  return client;
}

async function setUp(client: Client): Promise<void> {
  await client.query(SESSION_SETTINGS);
  if ((await serverVersion(client)) >= 140_000) await client.query(SETTINGS_SINCE_14);
}

const SESSION_SETTINGS = `
  set statement_timeout = 0; set lock_timeout = 0;
  set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3;
`;

/** A waiting backend of a killed container ends, and so does that of a leader whose heartbeat no longer gets through. */
const SETTINGS_SINCE_14 = `set idle_session_timeout = '30s'; set client_connection_check_interval = '1s'`;

/** The server's version as one number: 150018 is 15.18. */
export async function serverVersion(client: Client): Promise<number> {
  const { rows } = await client.query<{ version: string }>("select current_setting('server_version_num') as version");
  return Number(rows[0]?.version);
}

/** Classes of SQLSTATE that trying again does not mend: no such user or password, no such database, no permission. */
const REFUSALS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^28/, "ENTRYPOINT_DATABASE_LOGIN"],
  [/^3D/, "ENTRYPOINT_DATABASE_MISSING"],
  [/^42/, "ENTRYPOINT_ELECTION_REFUSED"],
];

/** An error of the driver as one of ours. */
export function connectionError(error: unknown, url: string): Error {
  if (error instanceof ElectionLost || error instanceof EntrypointError || isBug(error)) return error;
  const [, refusal] = REFUSALS.find(([pattern]) => pattern.test(codeOf(error))) ?? [];
  if (refusal === undefined) return new ElectionLost(reasonOf(error), { cause: error });
  return new EntrypointError(refusal, {
    message: `PostgreSQL at ${postgresAddress(url)} refused: ${reasonOf(error)}`,
    cause: error,
  });
}
