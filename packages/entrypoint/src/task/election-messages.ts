import { EntrypointError } from "../errors.ts";
import type { ElectionWait } from "../election/elect.ts";
import type { ElectionOutcome } from "../election/protocol.ts";
import type { ElectionStore } from "../election/store.ts";
import type { MigrateTask } from "./migrate.ts";

/** A wait's reason in one line. */
export function describeWait({ leader, error }: ElectionWait): string {
  if (error !== undefined) return error;
  if (leader?.state !== "running") return "another container holds the lock";
  return `${leader.holder} has been running it for ${String(Math.round(leader.seconds))} s`;
}

/** The error of a candidate whose deadline ended before it was its turn. */
export function unelected(
  task: MigrateTask,
  store: ElectionStore,
  last: ElectionWait,
  cause: unknown,
): EntrypointError {
  const code = last.error === undefined ? "ENTRYPOINT_ELECTION_DEADLINE" : "ENTRYPOINT_ELECTION_UNREACHABLE";
  const limit = `${String(task.deadlineMs / 1000)} s`;
  return new EntrypointError(code, {
    message: `the election of ${task.name} at ${store.address} was not settled within ${limit}: ${describeWait(last)}`,
    cause,
  });
}

type Lost = Exclude<ElectionOutcome, { readonly type: "led" | "followed" }>;

/** The error of an election that did not end with the task done. */
export function outcomeError(outcome: Lost, task: MigrateTask, release: string | undefined): Error {
  switch (outcome.type) {
    case "failed":
      return new EntrypointError("ENTRYPOINT_TASK_FAILED", {
        message: outcome.failure.message,
        exitCode: outcome.failure.exitCode,
      });
    case "failed-elsewhere": {
      const { record } = outcome;
      const times = record.failures === 1 ? "once" : `${String(record.failures)} times`;
      return new EntrypointError("ENTRYPOINT_RELEASE_FAILED", {
        message: `${task.name} of release ${release ?? ""} has failed ${times}, last in ${record.holder}: ${record.message}`,
      });
    }
    case "lost":
      return new EntrypointError("ENTRYPOINT_ELECTION_LOST", {
        message: `the election of ${task.name} was lost while the task ran, so it was stopped: ${outcome.reason}`,
      });
    case "interrupted":
      break;
  }
  return new Error(`${task.name} was interrupted by nothing`);
}
