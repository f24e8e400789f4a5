import type { ElectedCommand } from "./elected-command.ts";

/** Runs a command once per release; every other container waits for it. */
export interface MigrateTask extends ElectedCommand {
  readonly task: "migrate";
  /** `wait`: others migrate, this container waits until its migrations are there. */
  readonly mode: "run" | "wait";
  /** The database whose versions are compared; default: `DATABASE_URL`, or that of the election. */
  readonly database: string | undefined;
  /** Folders of migrations; empty: as the app's configuration says. */
  readonly paths: readonly string[];
  /** What to do when the database is newer than the image. */
  readonly newer: "warn" | "refuse" | "ignore";
}
