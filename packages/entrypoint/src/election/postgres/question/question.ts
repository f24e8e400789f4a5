import { answerInTime } from "../../answer.ts";
import { readAddress, type DatabaseAddress } from "../address.ts";
import { answer, leaveConnection } from "../answer.ts";
import { CONNECT_MS, openConnection, overChannels } from "../connection.ts";
import { openSession, type Asked } from "./session.ts";

/** What SCRAM takes as it is. How other passwords are prepared, files of passwords, and certificates in a log-in, the driver knows. */
const PLAIN = /^[ -~]+$/;

/**
 * Asks one question and hangs up, where it can be without the driver, which takes longer to load than the server to answer.
 * @returns the first column of the rows
 * @throws as `openConnection`; the server's error about the question, with its SQLSTATE as `code`
 */
export async function askOnce(url: string, statement: string, signal: AbortSignal): Promise<readonly string[]> {
  const address = readAddress(url);
  if (!isPlain(address)) return askDriver(url, statement, signal);
  const { user, password } = address;
  const session = await overChannels(url, signal, async (place, channel, plainNext) => {
    const opened = openSession({ ...place, user, password }, channel, plainNext);
    try {
      await answerInTime(
        () => opened.leave(),
        async () => opened.logIn(),
        { signal, limitMs: CONNECT_MS },
      );
      return opened;
    } catch (error) {
      opened.leave();
      throw error;
    }
  });
  try {
    return await answerInTime(
      () => session.leave(),
      async () => session.ask(statement),
      { signal },
    );
  } finally {
    session.leave();
  }
}

function isPlain(address: DatabaseAddress): address is DatabaseAddress & Pick<Asked, "user" | "password"> {
  return !address.bound && address.user !== undefined && PLAIN.test(address.password ?? "");
}

async function askDriver(url: string, text: string, signal: AbortSignal): Promise<readonly string[]> {
  const client = await openConnection(url, signal);
  try {
    const { rows } = await answer(client, () => client.query<[string]>({ text, rowMode: "array" }), { signal });
    return rows.map(([first]) => first);
  } finally {
    leaveConnection(client);
  }
}
