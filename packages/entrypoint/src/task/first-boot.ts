import { POSTGRES_SCHEMES, postgresAddress, schemeOf } from "../election/postgres/address.ts";
import type { CreationTurn } from "../election/postgres/creation-turn.ts";
import { EntrypointError } from "../errors.ts";
import { backOff, paced, pause, type Deadline } from "../process/patience.ts";
import { deadlineError, failedError, runToEnd } from "./command-task.ts";
import type { TaskContext } from "./context.ts";
import type { MigrateTask } from "./migrate-task.ts";

/** A container of a first boot. */
export interface FirstBoot {
  readonly task: MigrateTask;
  readonly context: TaskContext;
  readonly deadline: Deadline;
}

/**
 * Does the work; where its election's database is not there yet, that is created first. PostgreSQL has no session
 * without a database, so no election can be held before. Only `db:prepare` asks for a database to be created.
 */
export async function withDatabase<T>(boot: FirstBoot, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { run, election } = boot.task;
    const isMissing = error instanceof EntrypointError && error.code === "ENTRYPOINT_DATABASE_MISSING";
    if (!isMissing || !POSTGRES_SCHEMES.includes(schemeOf(election)) || !run.includes(PREPARE)) throw error;
  }
  await createDatabase(boot);
  return await work();
}

const PREPARE = "db:prepare";
const CREATE = "db:create";

/**
 * Has Rails create the database, with its own options, in one container at a time, because Rails' creation is under no
 * lock. All else of a first boot is the elected container's.
 */
async function createDatabase(boot: FirstBoot): Promise<void> {
  const { task, context, deadline } = boot;
  const { openCreationTurn } = await import("../election/postgres/creation-turn.ts");
  const turn = await openCreationTurn(task.election, deadline.signal);
  try {
    if (!(await isOurs(turn, boot))) return;
    const argv = task.run.map((word) => (word === PREPARE ? CREATE : word));
    const shown = task.shown.replace(PREPARE, CREATE);
    const message = `${postgresAddress(task.election)} is not there yet: ${shown} creates it`;
    context.emit({ type: "note", task: task.task, message });
    const result = await runToEnd({ argv, env: context.env, stop: deadline.signal }, context);
    if (deadline.expired()) throw deadlineError(shown, task.deadlineMs);
    if (result.exitCode !== 0 && (await turn.look()) !== "there") throw failedError(shown, result);
  } finally {
    await turn.close();
  }
}

/** Waits until the database is there, or it is this container's turn to create it. */
async function isOurs(turn: CreationTurn, { task, context, deadline }: FirstBoot): Promise<boolean> {
  const subject = `database ${postgresAddress(task.election)}`;
  const report = paced((seconds) => {
    context.emit({ type: "waiting", task: task.task, subject, reason: "another container creates it", seconds });
  });
  for (let attempt = 1; ; attempt += 1) {
    const state = await turn.look();
    if (state !== "theirs") return state === "mine";
    report();
    await pause(Math.min(backOff(attempt), LONGEST_PAUSE_MS), deadline.signal);
  }
}

const LONGEST_PAUSE_MS = 500;
