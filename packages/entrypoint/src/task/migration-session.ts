import { EntrypointError } from "../errors.ts";
import { serverVersion } from "../election/postgres/connection.ts";
import type { PostgresStore } from "../election/postgres/postgres-store.ts";
import type { ElectionStore } from "../election/store.ts";
import { backOff, pause, paced, type Deadline } from "../process/patience.ts";
import type { TaskContext } from "./context.ts";
import type { MigrateTask } from "./migrate-task.ts";
import { describeHolder, railsLockHolder } from "./rails-lock.ts";

/** With this a server ends the statement of a client that was killed, and with it Rails' lock, in half a second. */
const CHECK_INTERVAL = "client_connection_check_interval";
const CHECK_OPTION = `-c ${CHECK_INTERVAL}=500ms`;
const CHECK_SINCE = 140_000;

/** What a wait for Rails' lock needs. */
export interface RailsWait {
  readonly task: MigrateTask;
  readonly context: TaskContext;
  readonly deadline: Deadline;
  /** Aborts when the deadline is over, the lock was lost or the start is stopped. */
  readonly signal: AbortSignal;
}

/**
 * Waits until nobody holds Rails' own migration lock, because `db:migrate` fails at once when somebody does.
 * @throws EntrypointError `ENTRYPOINT_RAILS_LOCK_HELD` at the deadline
 */
export async function waitForRails(store: ElectionStore, wait: RailsWait): Promise<void> {
  if (!isPostgres(store)) return;
  let reason = "";
  const report = paced((seconds) => {
    wait.context.emit({ type: "waiting", task: wait.task.task, subject: `database ${store.address}`, reason, seconds });
  });
  for (let attempt = 1; ; attempt += 1) {
    const holder = await store.ask(railsLockHolder, wait.signal);
    if (holder === undefined) return;
    reason = describeHolder(holder);
    report();
    await pause(Math.min(backOff(attempt), 500), wait.signal).catch((error: unknown) => {
      if (!wait.deadline.expired()) throw error;
      throw new EntrypointError("ENTRYPOINT_RAILS_LOCK_HELD", { message: `${store.address}: ${reason}`, cause: error });
    });
  }
}

/** The environment of the migrating command: where the server can, with the option that frees a killed client's locks. */
export async function migrationEnvironment(
  store: ElectionStore,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<NodeJS.ProcessEnv> {
  if (!isPostgres(store) || (await store.ask(serverVersion, signal)) < CHECK_SINCE) return env;
  return { ...env, PGOPTIONS: withCheckInterval(env["PGOPTIONS"]) };
}

/** Adds the option to those given; one that was set on purpose stays. */
export function withCheckInterval(options: string | undefined): string {
  if (options === undefined || options.trim() === "") return CHECK_OPTION;
  return options.includes(CHECK_INTERVAL) ? options : `${options} ${CHECK_OPTION}`;
}

function isPostgres(store: ElectionStore): store is PostgresStore {
  return store.kind === "postgres";
}
