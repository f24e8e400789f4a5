import { openMysql } from "../../election/mysql/connection.ts";

/** Logs in and asks `select 1`. */
export async function askMysql(url: string, signal: AbortSignal): Promise<void> {
  const connection = await openMysql(url, signal);
  try {
    await connection.query("select 1");
  } finally {
    connection.destroy();
  }
}
