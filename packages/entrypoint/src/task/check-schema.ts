import { schemeOf } from "../election/postgres/address.ts";
import { ElectionLost } from "../election/store.ts";
import { EntrypointError } from "../errors.ts";
import { backOff, paced, pause, type Deadline } from "../process/patience.ts";
import type { TaskContext } from "./context.ts";
import type { MigrateTask } from "./migrate-task.ts";
import { ASKED_SCHEMES } from "./pending/applied.ts";
import { compareSchema, type Schema } from "./pending/pending.ts";

/** What is said when nothing has to be done; otherwise the addresses of the databases that may have to be migrated. */
export type Checked = { readonly settled: string } | { readonly databases: readonly string[] };

/**
 * Looks whether the task has anything to do, without Ruby: usually not.
 * @throws EntrypointError `ENTRYPOINT_SCHEMA_AHEAD`; what connecting throws; the deadline's reason
 */
export async function checkSchema(task: MigrateTask, context: TaskContext, deadline: Deadline): Promise<Checked> {
  const schema = await askPatiently(task, context, deadline);
  if (schema.state === "current") return { settled: settle(schema, task, context) };
  if (schema.state === "pending") {
    context.emit({ type: "note", task: task.task, message: describePending(schema) });
    return { databases: schema.databases };
  }
  if (schema.reason !== undefined) {
    const message = `Rails is asked what is pending: ${schema.reason}`;
    context.emit({ type: "note", task: task.task, message });
  }
  const likely = task.database ?? task.election;
  return { databases: ASKED_SCHEMES.includes(schemeOf(likely)) ? [likely] : [] };
}

function describePending({ versions, empty }: Extract<Schema, { state: "pending" }>): string {
  if (versions.length > 0) return `pending: ${versions.slice(0, 5).join(", ")}${versions.length > 5 ? ", …" : ""}`;
  return empty.length === 1 && empty[0] === "" ? "the database is empty" : `empty: ${empty.join(", ")}`;
}

/**
 * Waits until the database has all of the image's migrations; others apply them.
 * @throws EntrypointError `ENTRYPOINT_SCHEMA_BEHIND` at the deadline, or when only Rails could tell
 */
export async function waitForSchema(task: MigrateTask, context: TaskContext, deadline: Deadline): Promise<string> {
  let reason = "";
  const late = (): EntrypointError => behind(`${reason} after ${String(task.deadlineMs / 1000)} s`);
  const report = paced((seconds) => {
    context.emit({ type: "waiting", task: task.task, subject: "the schema", reason, seconds });
  });
  for (let attempt = 1; ; attempt += 1) {
    const schema = await askPatiently(task, context, deadline, reason === "" ? undefined : late);
    if (schema.state === "current") return settle(schema, task, context);
    if (schema.state === "unclear") throw behind(schema.reason ?? `${task.shown} is not Rails' db:migrate`);
    reason =
      schema.versions.length > 0 ? `${String(schema.versions.length)} migrations are pending` : describePending(schema);
    report();
    await pause(backOff(attempt), deadline.signal).catch((error: unknown) => {
      throw deadline.expired() ? late() : error;
    });
  }
}

/**
 * After another container has migrated: what it did has to be enough for this image.
 * @throws EntrypointError `ENTRYPOINT_SCHEMA_BEHIND`
 */
export async function verifySchema(task: MigrateTask, context: TaskContext, deadline: Deadline): Promise<void> {
  const schema = await askPatiently(task, context, deadline);
  if (schema.state !== "pending" || schema.versions.length === 0) return;
  throw behind(`the release is recorded as done, and ${schema.versions.slice(0, 5).join(", ")} are pending`);
}

function behind(problem: string): EntrypointError {
  return new EntrypointError("ENTRYPOINT_SCHEMA_BEHIND", {
    message: `the schema is not what this image needs: ${problem}`,
  });
}

function settle(
  { count, newer }: Extract<Schema, { state: "current" }>,
  task: MigrateTask,
  context: TaskContext,
): string {
  const settled = `nothing pending (${count === 1 ? "1 migration" : `${String(count)} migrations`})`;
  if (newer.length === 0 || task.newer === "ignore") return settled;
  const message = `the database is newer than this image: it has ${newer.slice(0, 5).join(", ")}`;
  if (task.newer === "refuse") throw new EntrypointError("ENTRYPOINT_SCHEMA_AHEAD", { message });
  const hint = 'A rollback to an image that does not know the newest schema; "newer": "refuse" stops such a start.';
  context.emit({ type: "warning", message, hint });
  return settled;
}

/**
 * A database that cannot be reached is asked again until the deadline. `late` is thrown when the deadline cuts the first
 * question, which says nothing about the database.
 */
async function askPatiently(
  task: MigrateTask,
  context: TaskContext,
  deadline: Deadline,
  late?: () => EntrypointError,
): Promise<Schema> {
  const { run, paths } = task;
  const otherwise = /^(s3|file):/.test(task.election) ? undefined : task.election;
  const question = { run, paths, database: task.database, otherwise, root: process.cwd(), env: context.env };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await compareSchema(question, deadline.signal);
    } catch (error) {
      const cut = deadline.expired() && error === deadline.signal.reason;
      if (!cut && !(error instanceof ElectionLost)) throw error;
      if (late !== undefined && attempt === 1 && deadline.expired()) throw late();
      if (cut) throw unreachable(task, error);
      await pause(backOff(attempt), deadline.signal).catch((reason: unknown) => {
        throw deadline.expired() ? unreachable(task, error) : reason;
      });
    }
  }
}

function unreachable({ name, deadlineMs }: MigrateTask, cause: unknown): EntrypointError {
  const problem = cause instanceof ElectionLost ? cause.message : `no answer in ${String(deadlineMs / 1000)} s`;
  const message = `the database of ${name} cannot be reached: ${problem}`;
  return new EntrypointError("ENTRYPOINT_ELECTION_UNREACHABLE", { message, cause });
}
