import type { Client } from "pg";

import { EntrypointError, messageOf } from "../../errors.ts";

/** Asks for one more connection the same way as the first. */
type OpenAnother = () => Promise<Client>;

/**
 * Refuses a pooler that gives each transaction another session, such as PgBouncer with `pool_mode = transaction`: a
 * session's lock would be somebody else's as soon as it was taken.
 *
 * A pooler makes up the process id that the protocol tells a client first, so it differs from the session's. While another
 * client has a transaction open, a session that belongs to the first cannot be the other's, and does not change.
 * @throws EntrypointError `ENTRYPOINT_ELECTION_POOLED`
 */
export async function refuseTransactionPooling(
  client: Client,
  address: string,
  openAnother: OpenAnother,
): Promise<void> {
  if (!(await isPooled(client))) return;
  const session = await sessionOf(client);
  const other = await openAnother();
  try {
    await other.query("begin");
    const [first, second] = [await sessionOf(other), await sessionOf(client)];
    await other.query("rollback");
    if (first !== session && second === session) return;
  } catch (error) {
    // In statement mode there are no transactions.
    if (!/pooling mode/.test(messageOf(error))) throw error;
  } finally {
    await other.end();
  }
  throw new EntrypointError("ENTRYPOINT_ELECTION_POOLED", {
    message: `${address} is a pooler that gives each transaction another session, in which no lock can be held`,
  });
}

/** Whether another program answers in the server's place. */
export async function isPooled(client: Client): Promise<boolean> {
  // What the protocol said first; the driver keeps it for cancellations, its types do not show it.
  return (await sessionOf(client)) !== Reflect.get(client, "processID");
}

async function sessionOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid ?? 0;
}
