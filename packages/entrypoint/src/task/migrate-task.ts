/** Runs a command once per release; every other container waits for it. */
export interface MigrateTask {
  readonly task: "migrate";
  readonly run: readonly string[];
  /** The command as it is printed, without the values of variables. */
  readonly shown: string;
  /** `postgres://` or `file:///`: where the election is held. */
  readonly election: string;
  readonly deadlineMs: number;
  /** A release that failed this often is not tried again. */
  readonly tries: number;
  /** After how long a leader that is not heard of is replaced. */
  readonly leaseMs: number;
  /** What the election remembers it by. */
  readonly name: string;
  /** `wait`: others migrate, this container waits until its migrations are there. */
  readonly mode: "run" | "wait";
  /** The database whose versions are compared; default: `DATABASE_URL`, or that of the election. */
  readonly database: string | undefined;
  /** Folders of migrations; empty: as the app's configuration says. */
  readonly paths: readonly string[];
  /** What to do when the database is newer than the image. */
  readonly newer: "warn" | "refuse" | "ignore";
}
