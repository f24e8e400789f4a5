import { createHash } from "node:crypto";

import type { Client } from "pg";

import type { ElectionRecord, Failure, Reading } from "../protocol.ts";
import { ElectionLost, type Ballot } from "../store.ts";

/** A schema of its own, so that the application's schema dump of `public` does not see the table. */
const CREATE = `
  create schema if not exists slipway;
  create table if not exists slipway.elections (
    task text not null,
    release text not null,
    state text not null check (state in ('running', 'stopped', 'done', 'failed')),
    holder text not null,
    failures integer not null default 0,
    message text not null default '',
    message_digest text not null default '',
    exit_code integer not null default 0,
    began_at timestamptz not null default clock_timestamp(),
    beat_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz,
    primary key (task, release)
  )`;

const READ = `
  select state, holder, failures, message, exit_code as "exitCode",
    extract(epoch from coalesce(ended_at, clock_timestamp()) - began_at)::float8 as seconds
  from slipway.elections where task = $1 and release = $2`;

const SILENT = `
  select extract(epoch from clock_timestamp() - max(beat_at))::float8 * 1000 as ms
  from slipway.elections where task = $1 and state = 'running'`;

const RUNNING = `
  insert into slipway.elections (task, release, state, holder, failures) values ($1, $2, 'running', $3, $4)
  on conflict (task, release) do update set state = 'running', holder = $3, failures = $4, message = '',
    message_digest = '', exit_code = 0, began_at = clock_timestamp(), beat_at = clock_timestamp(), ended_at = null`;

const MINE = "where task = $1 and release = $2 and holder = $3 and state = 'running'";
const BEAT = `update slipway.elections set beat_at = clock_timestamp() ${MINE}`;
const ENDED = `update slipway.elections set state = $4, ended_at = clock_timestamp() ${MINE}`;
const FAILED = `
  update slipway.elections set state = 'failed', ended_at = clock_timestamp(), failures = $3, message = $4,
    message_digest = $5, exit_code = $6 where task = $1 and release = $2 and state = 'running'`;

/** What there is of the ballot's task and release; nothing before the first leader made the table. */
export async function readRecord(client: Client, ballot: Ballot): Promise<Reading> {
  if (!(await tableExists(client))) return { record: undefined, silentMs: Number.POSITIVE_INFINITY };
  const { rows } = await client.query<ElectionRecord>(READ, [...keyOf(ballot)]);
  const { rows: silences } = await client.query<{ ms: number | null }>(SILENT, [ballot.task]);
  return { record: rows[0], silentMs: silences[0]?.ms ?? Number.POSITIVE_INFINITY };
}

/** Called by the holder of the lock only, so that two containers never make the schema at once. */
export async function writeRunning(client: Client, ballot: Ballot, failures: number): Promise<void> {
  if (!(await tableExists(client))) await client.query(CREATE);
  await client.query(RUNNING, [...keyOf(ballot), ballot.holder, failures]);
}

/** @throws ElectionLost when the record is no longer this holder's */
export async function writeEnded(client: Client, ballot: Ballot, state: "done" | "stopped"): Promise<void> {
  mustBeMine(await client.query(ENDED, [...keyOf(ballot), ballot.holder, state]));
}

/** Also of another holder that is gone: whoever holds the lock says what became of it. */
export async function writeFailed(client: Client, ballot: Ballot, failures: number, failure: Failure): Promise<void> {
  const digest = createHash("sha256").update(failure.message).digest("hex");
  mustBeMine(await client.query(FAILED, [...keyOf(ballot), failures, failure.message, digest, failure.exitCode]));
}

/** @throws ElectionLost when the record is no longer this holder's */
export async function beat(client: Client, ballot: Ballot): Promise<void> {
  mustBeMine(await client.query(BEAT, [...keyOf(ballot), ballot.holder]));
}

/** Without a release only who runs it now is kept. */
function keyOf({ task, release = "" }: Ballot): readonly [string, string] {
  return [task, release];
}

async function tableExists(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    "select to_regclass('slipway.elections') is not null as found",
  );
  return rows[0]?.found ?? false;
}

function mustBeMine({ rowCount }: { readonly rowCount: number | null }): void {
  if (rowCount !== 1) throw new ElectionLost("another container has taken over");
}
