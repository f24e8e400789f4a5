import { openDeadline } from "../process/patience.ts";
import { checkSchema, verifySchema, waitForSchema } from "./check-schema.ts";
import type { TaskContext } from "./context.ts";
import { takePart, type Candidacy } from "./elected-command.ts";
import { withDatabase } from "./first-boot.ts";
import type { MigrateTask } from "./migrate-task.ts";
import { readyForRails } from "./rails-lock/ready.ts";

/**
 * Takes part in the election and runs the command if it is this container's to run.
 * @throws EntrypointError `ENTRYPOINT_TASK_FAILED` with the command's exit code, `ENTRYPOINT_RELEASE_FAILED` when it
 * failed elsewhere, one of `ENTRYPOINT_ELECTION_…`, `ENTRYPOINT_RAILS_LOCK_HELD`; the desk's error when stopped
 */
export async function migrate(task: MigrateTask, context: TaskContext): Promise<string> {
  using deadline = openDeadline(task.deadlineMs, context.desk.stopped);
  if (task.mode === "wait") return await inTime(context, () => waitForSchema(task, context, deadline));
  const checked = await inTime(context, () => checkSchema(task, context, deadline));
  if ("settled" in checked) return checked.settled;
  const { databases } = checked;
  const prepare: Candidacy["prepare"] = (signal) => readyForRails({ databases, context, deadline, signal });
  const candidacy = { task, context, deadline, prepare };
  const outcome = await withDatabase(candidacy, () => takePart(candidacy));
  if (outcome !== "run here") await inTime(context, () => verifySchema(task, context, deadline));
  return outcome;
}

/** Whatever a signal breaks off is said as that signal. */
async function inTime<T>(context: TaskContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    context.desk.check();
    throw error;
  }
}
