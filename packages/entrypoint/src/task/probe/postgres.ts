import { answer, leaveConnection } from "../../election/postgres/answer.ts";
import { openConnection } from "../../election/postgres/connection.ts";

/** Opens a session and has it answer `select 1`. */
export async function askPostgres(url: string, signal: AbortSignal): Promise<void> {
  const client = await openConnection(url, signal);
  try {
    await answer(client, () => client.query("select 1"), { signal });
  } finally {
    leaveConnection(client);
  }
}
