import type { Connection, ResultSetHeader, RowDataPacket } from "mysql2/promise";

import type { ElectionRecord, Failure, Reading } from "../protocol.ts";
import { ElectionLost, type Ballot } from "../store.ts";

/** A ballot among those of one database; the records of all databases of a server are in one table. */
export interface MysqlBallot extends Ballot {
  readonly database: string;
}

/** A database of its own, so that the application's schema dump does not see the table. */
const CREATE = [
  "create database if not exists slipway",
  `create table if not exists slipway.elections (
    scope varchar(64) not null, task varchar(190) not null, \`release\` varchar(190) not null,
    state enum('running', 'stopped', 'done', 'failed') not null, holder varchar(190) not null,
    failures int not null default 0, message text not null, exit_code int not null default 0,
    began_at datetime(6) not null, beat_at datetime(6) not null, ended_at datetime(6),
    primary key (scope, task, \`release\`)
  ) engine = InnoDB character set utf8mb4 collate utf8mb4_bin`,
];

const KEY = "scope = ? and task = ? and `release` = ?";
const READ = `
  select state, holder, failures, message, exit_code as exitCode,
    timestampdiff(microsecond, began_at, coalesce(ended_at, now(6))) / 1e6 as seconds
  from slipway.elections where ${KEY}`;
const SILENT = `
  select timestampdiff(microsecond, max(beat_at), now(6)) / 1e3 as ms
  from slipway.elections where scope = ? and task = ? and state = 'running'`;
const RUNNING = `
  replace into slipway.elections (scope, task, \`release\`, state, holder, failures, message, began_at, beat_at)
  values (?, ?, ?, 'running', ?, ?, '', now(6), now(6))`;
const BEAT = `update slipway.elections set beat_at = now(6) where ${KEY} and state = 'running' and holder = ?`;
const ENDED = `
  update slipway.elections set state = ?, ended_at = now(6) where ${KEY} and state = 'running' and holder = ?`;
const FAILED = `
  update slipway.elections set state = 'failed', ended_at = now(6), failures = ?, message = ?, exit_code = ?
  where ${KEY} and state = 'running'`;

const NO_SUCH_TABLE: ReadonlySet<string> = new Set(["ER_NO_SUCH_TABLE", "ER_BAD_DB_ERROR", "ER_DBACCESS_DENIED_ERROR"]);

/** What there is of the ballot's task and release; nothing before the first leader made the table. */
export async function readRecord(connection: Connection, ballot: MysqlBallot): Promise<Reading> {
  try {
    const [rows] = await connection.query<RowDataPacket[]>(READ, [...keyOf(ballot)]);
    const [silences] = await connection.query<RowDataPacket[]>(SILENT, [ballot.database, ballot.task]);
    const ms = silences[0]?.["ms"] as string | number | null | undefined;
    return { record: recordOf(rows[0]), silentMs: ms === null || ms === undefined ? Infinity : Number(ms) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (NO_SUCH_TABLE.has(code)) return { record: undefined, silentMs: Infinity };
    throw error;
  }
}

function recordOf(row: RowDataPacket | undefined): ElectionRecord | undefined {
  return row === undefined ? undefined : ({ ...row, seconds: Number(row["seconds"]) } as unknown as ElectionRecord);
}

/** Called by the holder of the lock only, so that two containers never make the table at once. */
export async function writeRunning(connection: Connection, ballot: MysqlBallot, failures: number): Promise<void> {
  const write = () => connection.query(RUNNING, [...keyOf(ballot), ballot.holder, failures]);
  try {
    await write();
  } catch {
    for (const statement of CREATE) await connection.query(statement);
    await write();
  }
}

/** @throws ElectionLost when the record is no longer this holder's */
export async function writeBeat(connection: Connection, ballot: MysqlBallot): Promise<void> {
  mustBeMine(await connection.query<ResultSetHeader>(BEAT, [...keyOf(ballot), ballot.holder]));
}

/** @throws ElectionLost when the record is no longer this holder's */
export async function writeEnded(
  connection: Connection,
  ballot: MysqlBallot,
  state: "done" | "stopped",
): Promise<void> {
  mustBeMine(await connection.query<ResultSetHeader>(ENDED, [state, ...keyOf(ballot), ballot.holder]));
}

/** Also of another holder that is gone: whoever holds the lock says what became of it. */
export async function writeFailed(
  connection: Connection,
  ballot: MysqlBallot,
  failures: number,
  failure: Failure,
): Promise<void> {
  const values = [failures, failure.message, failure.exitCode, ...keyOf(ballot)];
  mustBeMine(await connection.query<ResultSetHeader>(FAILED, values));
}

/** Without a release only who runs it now is kept. */
function keyOf({ database, task, release = "" }: MysqlBallot): readonly [string, string, string] {
  return [database, task, release];
}

function mustBeMine([{ affectedRows }]: readonly [ResultSetHeader, unknown]): void {
  if (affectedRows !== 1) throw new ElectionLost("another container has taken over");
}
