import type { Client } from "pg";

import { answer, closeConnection } from "../../election/postgres/answer.ts";
import { connectionError, openLastingConnection, serverVersion } from "../../election/postgres/connection.ts";
import { isPooled } from "../../election/postgres/pooler.ts";
import { railsLockKey, type LockHolder, type LockState } from "./lock.ts";

/** The first version with `client_connection_check_interval`. */
const CHECK_SINCE = 140_000;

/** pg_locks shows a 64-bit key as its two halves, `classid` and `objid`, with `objsubid` 1. */
const HOLDER = `
  select 'pid ' || l.pid as session, host(a.client_addr) as address, a.query,
    extract(epoch from clock_timestamp() - coalesce(a.query_start, a.backend_start))::float8 as seconds
  from pg_locks l left join pg_stat_activity a using (pid)
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select oid from pg_database where datname = current_database())
    and l.classid::bigint = ($1::bigint >> 32) & 4294967295 and l.objid::bigint = $1::bigint & 4294967295`;

/** Looks at Rails' migration lock in a PostgreSQL database. */
export async function postgresLock(url: string, signal: AbortSignal): Promise<LockState> {
  const client = await openLastingConnection(url, signal);
  try {
    return await answer(client, () => lockState(client), { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw connectionError(error, url);
  } finally {
    await closeConnection(client);
  }
}

/** A pooler refuses options of a session. */
async function lockState(client: Client): Promise<LockState> {
  const { rows: names } = await client.query<{ name: string }>("select current_database() as name");
  const key = BigInt.asIntN(64, railsLockKey(names[0]?.name ?? ""));
  const { rows } = await client.query<LockHolder>(HOLDER, [key.toString()]);
  const checksClients = (await serverVersion(client)) >= CHECK_SINCE && !(await isPooled(client));
  return { holder: rows[0], checksClients };
}
