import { MYSQL_SCHEMES, mysqlAddressName } from "../../election/mysql/address.ts";
import { postgresAddress, schemeOf } from "../../election/postgres/address.ts";
import { ElectionLost } from "../../election/store.ts";
import { EntrypointError, type ErrorCode } from "../../errors.ts";
import { backOff, paced, pause, type Deadline } from "../../process/patience.ts";
import type { TaskContext } from "../context.ts";
import { describeHolder, type LockState } from "./lock.ts";

/** With this a server ends the statement of a client that was killed, and with it Rails' lock, in half a second. */
const CHECK_INTERVAL = "client_connection_check_interval";
const CHECK_OPTION = `-c ${CHECK_INTERVAL}=500ms`;

/** What a wait for Rails' lock needs. */
export interface RailsWait {
  /** Addresses of the databases that Rails will migrate. */
  readonly databases: readonly string[];
  readonly context: TaskContext;
  readonly deadline: Deadline;
  /** Aborts when the deadline is over, the lock was lost or the start is stopped. */
  readonly signal: AbortSignal;
}

/**
 * Waits until nobody holds Rails' own migration lock, because `db:migrate` fails at once when somebody does.
 * @returns the environment of the migrating command: where all servers can, with the option that frees a killed client's
 * locks
 * @throws EntrypointError `ENTRYPOINT_RAILS_LOCK_HELD` at the deadline; what asking a database throws
 */
export async function readyForRails(wait: RailsWait): Promise<NodeJS.ProcessEnv> {
  const { env } = wait.context;
  const states: LockState[] = [];
  for (const database of wait.databases) states.push(await whenFree(database, wait));
  const checks = states.flatMap(({ checksClients }) => checksClients ?? []);
  if (checks.length === 0 || checks.includes(false)) return env;
  return { ...env, PGOPTIONS: withCheckInterval(env["PGOPTIONS"]) };
}

async function whenFree(database: string, { context, deadline, signal }: RailsWait): Promise<LockState> {
  const address = MYSQL_SCHEMES.includes(schemeOf(database)) ? mysqlAddressName(database) : postgresAddress(database);
  let obstacle: Obstacle | undefined;
  const report = paced((seconds) => {
    const reason = obstacle?.reason ?? "";
    context.emit({ type: "waiting", task: "migrate", subject: `database ${address}`, reason, seconds });
  });
  try {
    for (let attempt = 1; ; attempt += 1) {
      const asked = await askLock(database, signal);
      obstacle = obstacleOf(asked);
      if (obstacle === undefined) return asked;
      report();
      await pause(Math.min(backOff(attempt), LONGEST_PAUSE_MS), signal);
    }
  } catch (error) {
    if (obstacle === undefined || !deadline.expired()) throw error;
    throw new EntrypointError(obstacle.code, { message: `${address}: ${obstacle.reason}`, cause: error });
  }
}

interface Obstacle {
  readonly code: ErrorCode;
  readonly reason: string;
}

function obstacleOf({ holder, lost }: Asked): Obstacle | undefined {
  if (lost !== undefined) return { code: "ENTRYPOINT_ELECTION_UNREACHABLE", reason: lost };
  return holder === undefined ? undefined : { code: "ENTRYPOINT_RAILS_LOCK_HELD", reason: describeHolder(holder) };
}

/** `lost`: why the database could not be asked. */
interface Asked extends LockState {
  readonly lost?: string;
}

const UNKNOWN: LockState = { holder: undefined, checksClients: undefined };
const LONGEST_PAUSE_MS = 500;

/** A database that is not there yet is one that nobody migrates. */
async function askLock(database: string, signal: AbortSignal): Promise<Asked> {
  try {
    if (MYSQL_SCHEMES.includes(schemeOf(database)))
      return await (await import("./mysql.ts")).mysqlLock(database, signal);
    return await (await import("./postgres.ts")).postgresLock(database, signal);
  } catch (error) {
    const missing = error instanceof EntrypointError && error.code === "ENTRYPOINT_DATABASE_MISSING";
    if (missing) return UNKNOWN;
    if (error instanceof ElectionLost) return { ...UNKNOWN, lost: error.message };
    throw error;
  }
}

/** Adds the option to those given; one that was set on purpose stays. */
function withCheckInterval(options: string | undefined): string {
  if (options === undefined || options.trim() === "") return CHECK_OPTION;
  return options.includes(CHECK_INTERVAL) ? options : `${options} ${CHECK_OPTION}`;
}
