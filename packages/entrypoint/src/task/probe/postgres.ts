import { askOnce } from "../../election/postgres/question/question.ts";

/** Opens a session and has it answer `select 1`. */
export async function askPostgres(url: string, signal: AbortSignal): Promise<void> {
  await askOnce(url, "select 1", signal);
}
