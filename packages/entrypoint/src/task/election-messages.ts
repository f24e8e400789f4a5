import { EntrypointError } from "../errors.ts";
import type { ElectionWait } from "../election/elect.ts";
import type { ElectionRecord } from "../election/protocol.ts";
import type { ElectionStore } from "../election/store.ts";
import type { ElectedCommand } from "./elected-command.ts";

/** A wait's reason in one line. */
export function describeWait({ leader, error }: ElectionWait): string {
  if (error !== undefined) return error;
  if (leader?.state !== "running") return "another container holds the lock";
  return `${leader.holder} has been running it for ${String(Math.round(leader.seconds))} s`;
}

/** The error of a candidate whose deadline ended before it was its turn. */
export function unelected(
  task: ElectedCommand,
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

/** The error of a container that followed a leader which failed, or that came after a release was given up. */
export function failedElsewhere(
  record: ElectionRecord,
  task: ElectedCommand,
  release: string | undefined,
): EntrypointError {
  const times = record.failures === 1 ? "once" : `${String(record.failures)} times`;
  return new EntrypointError("ENTRYPOINT_RELEASE_FAILED", {
    message: `${task.name} of release ${release ?? ""} has failed ${times}, last in ${record.holder}: ${record.message}`,
  });
}

/** The error of a leader that could not keep the lock. */
export function electionLost(
  { reason, unrecorded }: { readonly reason: string; readonly unrecorded?: true },
  task: ElectedCommand,
): EntrypointError {
  const when =
    unrecorded === true
      ? "was lost after the task had succeeded, before that was recorded; the next container runs it again"
      : "was lost while the task ran, so it was stopped";
  return new EntrypointError("ENTRYPOINT_ELECTION_LOST", {
    message: `the election of ${task.name} ${when}: ${reason}`,
  });
}

/** The error of a leader whose back end said nothing more before the command was run. */
export function noAnswer(task: ElectedCommand, store: ElectionStore, cause: unknown): EntrypointError {
  return new EntrypointError("ENTRYPOINT_ELECTION_UNREACHABLE", {
    message: `the election of ${task.name} at ${store.address}: no answer within ${String(task.deadlineMs / 1000)} s`,
    cause,
  });
}
