import type { Client } from "pg";

import { maintenanceAddress, readAddress } from "./address.ts";
import { answer, closeConnection } from "./answer.ts";
import { connectionError, openLastingConnection } from "./connection.ts";
import { lockKey } from "./lock-key.ts";

/** One container's place in the row of those that would create a database. */
export interface CreationTurn {
  /** `theirs`: another container is creating the database. */
  look(): Promise<"there" | "mine" | "theirs">;
  close(): Promise<void>;
}

/** The holder says nothing while it creates the database, and keeps its turn. */
const STAY = "select set_config(name, '0', false) from pg_settings where name = 'idle_session_timeout'";

/**
 * Opens a session in the server's maintenance database, where the lock `create/DATABASE` is the turn to create that
 * database. It ends with the session. The methods throw as those of an election's store do.
 */
export async function openCreationTurn(url: string, signal: AbortSignal): Promise<CreationTurn> {
  const maintenance = maintenanceAddress(url);
  const database = readAddress(url).database ?? "";
  const key = lockKey(`create/${database}`).toString();
  const client = await openLastingConnection(maintenance, signal);
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      return await answer(client, question, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw connectionError(error, maintenance);
    }
  };
  const close = (): Promise<void> => closeConnection(client);
  try {
    await ask(() => client.query(STAY));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    look: () => ask(() => look(client, database, key)),
    close,
  };
}

/** The lock first: who had it before has created the database by now. */
async function look(client: Client, database: string, key: string): Promise<"there" | "mine" | "theirs"> {
  const { rows: locks } = await client.query<{ mine: boolean }>("select pg_try_advisory_lock($1) as mine", [key]);
  const { rows } = await client.query("select from pg_database where datname = $1", [database]);
  if (rows.length > 0) return "there";
  return locks[0]?.mine === true ? "mine" : "theirs";
}
