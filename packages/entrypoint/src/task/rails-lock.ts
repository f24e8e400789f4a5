import { crc32 } from "node:zlib";

import type { Client } from "pg";

/** Rails multiplies this with the CRC32 of the database's name (`ActiveRecord::Migrator::MIGRATOR_SALT`). */
const MIGRATOR_SALT = 2_053_462_845n;

/** The advisory lock that Rails takes for migrations of a database. */
export function railsLockKey(database: string): bigint {
  return MIGRATOR_SALT * BigInt(crc32(database));
}

/** A session that holds Rails' migration lock. What another role does is hidden from a plain user. */
export interface LockHolder {
  readonly pid: number;
  readonly address: string | null;
  readonly query: string | null;
  readonly seconds: number | null;
}

/** pg_locks shows a 64-bit key as its two halves, `classid` and `objid`, with `objsubid` 1. */
const HOLDER = `
  select l.pid, host(a.client_addr) as address, a.query,
    extract(epoch from clock_timestamp() - coalesce(a.query_start, a.backend_start))::float8 as seconds
  from pg_locks l left join pg_stat_activity a using (pid)
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select oid from pg_database where datname = current_database())
    and l.classid::bigint = ($1::bigint >> 32) & 4294967295 and l.objid::bigint = $1::bigint & 4294967295`;

/** Who holds Rails' migration lock in the connection's database, if anyone does. */
export async function railsLockHolder(client: Client): Promise<LockHolder | undefined> {
  const { rows: names } = await client.query<{ name: string }>("select current_database() as name");
  const key = BigInt.asIntN(64, railsLockKey(names[0]?.name ?? ""));
  const { rows } = await client.query<LockHolder>(HOLDER, [key.toString()]);
  return rows[0];
}

/** The holder in one line. */
export function describeHolder(holder: LockHolder): string {
  const from = holder.address === null ? "" : ` from ${holder.address}`;
  const age = holder.seconds === null ? "" : ` for ${String(Math.round(holder.seconds))} s`;
  const query =
    holder.query === null || holder.query === "" ? "" : `: ${holder.query.replace(/\s+/g, " ").slice(0, 200)}`;
  return `Rails' migration lock is held by the session with pid ${String(holder.pid)}${from}${age}${query}`;
}
