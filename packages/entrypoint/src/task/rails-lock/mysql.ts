import type { Connection, RowDataPacket } from "mysql2/promise";

import { answerInTime } from "../../election/answer.ts";
import { closeMysql, mysqlError, openMysql } from "../../election/mysql/connection.ts";
import { railsLockKey, type LockHolder, type LockState } from "./lock.ts";

/** Without the right PROCESS the server shows only this user's own sessions. */
const SESSION = "select host, info, time from information_schema.processlist where id = ?";

/** Looks at Rails' migration lock in a MySQL or MariaDB database. */
export async function mysqlLock(url: string, signal: AbortSignal): Promise<LockState> {
  const connection = await openMysql(url, signal);
  try {
    const ask = () => lockHolder(connection);
    const holder = await answerInTime(() => connection.destroy(), ask, { signal });
    return { holder, checksClients: undefined };
  } catch (error) {
    signal.throwIfAborted();
    throw mysqlError(error, url);
  } finally {
    await closeMysql(connection);
  }
}

async function lockHolder(connection: Connection): Promise<LockHolder | undefined> {
  const [names] = await connection.query<RowDataPacket[]>("select database() as name");
  const key = railsLockKey(String(names[0]?.["name"])).toString();
  const [locks] = await connection.query<RowDataPacket[]>("select is_used_lock(?) as id", [key]);
  const id: unknown = locks[0]?.["id"];
  if (id === null || id === undefined) return undefined;
  const [[session]] = await connection.query<Session[]>(SESSION, [id]);
  return {
    session: `id ${Number(id)}`,
    address: session?.host ?? null,
    query: session?.info ?? null,
    seconds: session === undefined ? null : Number(session.time),
  };
}

interface Session extends RowDataPacket {
  readonly host: string | null;
  readonly info: string | null;
  readonly time: number | string;
}
