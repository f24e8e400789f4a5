import type { ElectedCommand } from "./elected-command.ts";

/** Runs a command before the app, or beside it. */
export interface RunTask {
  readonly task: "run";
  readonly run: readonly string[];
  /** The command as it is printed, without the values of variables. */
  readonly shown: string;
  readonly deadlineMs: number;
  /** How often a command that fails is tried; of an elected one, how often a release is. */
  readonly tries: number;
  /** Of one of `ELECTION_SCHEMES`: where containers agree which one runs it. `undefined`: each of them does. */
  readonly election: string | undefined;
  readonly leaseMs: number;
  /** What an election remembers it by. */
  readonly name: string | undefined;
  /** An elected one is run once in each period of this length instead of once per release. */
  readonly everyMs: number | undefined;
  /** It is run beside the app, when that is ready. `ready` is of one of `READY_SCHEMES`. */
  readonly background: { readonly ready: string | undefined } | undefined;
}

/** A command that one container runs: of a release, or of a period of time. */
export type ElectedRun = RunTask & ElectedCommand & { readonly task: "run" };

/** Whether an election decides who runs a command. */
export function isElected(task: RunTask): task is ElectedRun {
  return task.election !== undefined;
}
