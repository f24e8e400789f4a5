import type { RowDataPacket } from "mysql2/promise";

import { answerInTime } from "../../election/answer.ts";
import { closeMysql, mysqlError, openMysql } from "../../election/mysql/connection.ts";
import { codeOf } from "../../errors.ts";
import type { Applied } from "./applied.ts";

/** The versions that Rails has recorded in a MySQL or MariaDB database. */
export async function mysqlVersions(url: string, signal: AbortSignal): Promise<Applied> {
  const connection = await openMysql(url, signal);
  const ask = () => connection.query<RowDataPacket[]>("select version from schema_migrations");
  try {
    const [rows] = await answerInTime(() => connection.destroy(), ask, { signal });
    return rows.map((row) => String(row["version"]));
  } catch (error) {
    if (codeOf(error) === "ER_NO_SUCH_TABLE") return undefined;
    signal.throwIfAborted();
    throw mysqlError(error, url);
  } finally {
    await closeMysql(connection);
  }
}
