import { uptime } from "node:os";
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";

import type { ElectionRecord, Failure, Reading } from "../protocol.ts";
import { ElectionLost, type Ballot } from "../store.ts";

/** Times are seconds since the machine started: all its containers see the same clock, which nobody sets. */
export const CREATE = `
  create table if not exists elections (
    task text not null, release text not null, state text not null, holder text not null, failures integer not null,
    message text not null default '', exit_code integer not null default 0, began real not null, beat real not null,
    ended real, primary key (task, release)
  ) strict`;

const READ = "select * from elections where task = ? and release = ?";
const BEATS = "select beat from elections where task = ? and state = 'running'";
const RUNNING = `
  insert or replace into elections (task, release, holder, state, failures, began, beat)
  values (?, ?, ?, 'running', ?, ?, ?)`;
const RUNS = "where task = ? and release = ? and state = 'running'";
const BEAT = `update elections set beat = ? ${RUNS} and holder = ?`;
const ENDED = `update elections set state = ?, ended = ? ${RUNS} and holder = ?`;
const FAILED = `update elections set state = 'failed', ended = ?, failures = ?, message = ?, exit_code = ? ${RUNS}`;

export function readRecord(database: DatabaseSync, ballot: Ballot): Reading {
  const row = database.prepare(READ).get(...keyOf(ballot));
  const beats = database
    .prepare(BEATS)
    .all(ballot.task)
    .map(({ beat }) => Number(beat));
  // A beat from before the machine started again is of nobody who is left.
  const last = Math.max(...beats.filter((beat) => beat <= uptime()), Number.NEGATIVE_INFINITY);
  return { record: row === undefined ? undefined : recordOf(row), silentMs: (uptime() - last) * 1000 };
}

function recordOf(row: Record<string, SQLOutputValue>): ElectionRecord {
  return {
    state: STATES.find((state) => state === row["state"]) ?? "failed",
    holder: String(row["holder"]),
    failures: Number(row["failures"]),
    message: String(row["message"]),
    exitCode: Number(row["exit_code"]),
    seconds: Number(row["ended"] ?? uptime()) - Number(row["began"]),
  };
}

const STATES = ["running", "stopped", "done"] as const;

export function writeRunning(database: DatabaseSync, ballot: Ballot, failures: number): void {
  database.prepare(RUNNING).run(...keyOf(ballot), ballot.holder, failures, uptime(), uptime());
}

/** @throws ElectionLost when the record is no longer this holder's */
export function writeBeat(database: DatabaseSync, ballot: Ballot): void {
  mustBeMine(database.prepare(BEAT).run(uptime(), ...keyOf(ballot), ballot.holder));
}

/** @throws ElectionLost when the record is no longer this holder's */
export function writeEnded(database: DatabaseSync, ballot: Ballot, state: "done" | "stopped"): void {
  mustBeMine(database.prepare(ENDED).run(state, uptime(), ...keyOf(ballot), ballot.holder));
}

/** Also of another holder that is gone: whoever holds the lock says what became of it. */
export function writeFailed(database: DatabaseSync, ballot: Ballot, failures: number, failure: Failure): void {
  const { message, exitCode } = failure;
  mustBeMine(database.prepare(FAILED).run(uptime(), failures, message, exitCode, ...keyOf(ballot)));
}

/** Without a release only who runs it now is kept. */
function keyOf({ task, release = "" }: Ballot): readonly [string, string] {
  return [task, release];
}

function mustBeMine({ changes }: { readonly changes: number | bigint }): void {
  if (Number(changes) !== 1) throw new ElectionLost("another container has taken over");
}
