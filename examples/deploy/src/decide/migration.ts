/** A run of the migration, as ECS knows it. */
export interface MigrationTask {
  readonly arn: string;
  readonly revision: string;
  readonly status: string;
  /** Absent while the container runs, and where it never ran. */
  readonly exitCode?: number;
  readonly reason?: string;
}

export type MigrationStep =
  /** Start a run; `attempt` counts those before that failed. */
  | { readonly kind: "start"; readonly attempt: number }
  /** Let another revision's run of this release end first: a pipeline that is run again registers new revisions. */
  | { readonly kind: "wait"; readonly task: MigrationTask }
  /** Wait for the run that an interrupted pipeline began. */
  | { readonly kind: "attach"; readonly task: MigrationTask }
  /** A run of this very revision has ended well. */
  | { readonly kind: "done"; readonly task: MigrationTask };

/** What to do about the migration of a revision, given the runs for the release that there were. */
export function decideMigration(revision: string, tasks: readonly MigrationTask[]): MigrationStep {
  const ours = tasks.filter((task) => task.revision === revision);
  const running = ours.find(({ status }) => status !== "STOPPED");
  if (running !== undefined) return { kind: "attach", task: running };
  const other = tasks.find(({ status }) => status !== "STOPPED");
  if (other !== undefined) return { kind: "wait", task: other };
  const good = ours.find(({ exitCode }) => exitCode === 0);
  if (good !== undefined) return { kind: "done", task: good };
  return { kind: "start", attempt: ours.length };
}

/** The last version that the log of a migration names; undefined where it names none. */
export function schemaVersion(lines: readonly string[]): string | undefined {
  return lines.map((line) => /Current version: (\d+)\s*$/.exec(line)?.[1]).findLast((version) => version !== undefined);
}
