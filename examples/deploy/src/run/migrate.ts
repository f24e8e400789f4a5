import { createHash } from "node:crypto";

import type { LogStream } from "../aws/logs.ts";
import { decideMigration, schemaVersion, type MigrationTask } from "../decide/migration.ts";
import { short } from "../decide/rollout.ts";
import { DeployError } from "../errors.ts";
import { revisionOf, type Draft } from "../release/draft.ts";
import type { World } from "../world.ts";

const POLL_MS = 5000;

/** How long the last lines of a log may be on their way. */
const LOG_DELAY_MS = 60_000;

/**
 * Runs the release's migration once, as the very revision that will serve, however long it takes, with its log. A run that
 * was begun before is waited for instead.
 *
 * @throws DeployError DEPLOY_DRAFT_INCOMPLETE, DEPLOY_MIGRATION_FAILED, DEPLOY_TASK_NOT_STARTED, DEPLOY_TASK_REFUSED, DEPLOY_SCHEMA_UNKNOWN
 */
export async function migrate(world: World, draft: Draft): Promise<Draft> {
  const { service, container } = world.environment.migrate;
  const revision = revisionOf(draft, service);
  const task = await findOrStart(world, draft.release, revision);
  const { logGroup, streamPrefix } = await world.ecs.revision(revision, container);
  const log = world.log(logGroup, `${streamPrefix}/${container}/${task.arn.slice(task.arn.lastIndexOf("/") + 1)}`);
  const lines: string[] = [];
  const ended = await follow(world, task, () => copyLog(world, log, lines));
  checkEnd(ended);
  const schema = await versionFrom(world, log, lines);
  world.say(`migrated: schema ${schema}`);
  return { ...draft, schema };
}

async function findOrStart(world: World, release: string, revision: string): Promise<MigrationTask> {
  const { service, container, command } = world.environment.migrate;
  const startedBy = `migrate-${digest(release).slice(0, 28)}`;
  let step = decideMigration(revision, await world.ecs.tasks(startedBy));
  while (step.kind === "wait") {
    world.say(`migrate: waiting for ${step.task.arn}, a run of ${short(step.task.revision)} for the same release`);
    await follow(world, step.task, () => Promise.resolve());
    step = decideMigration(revision, await world.ecs.tasks(startedBy));
  }
  if (step.kind !== "start") {
    world.say(
      step.kind === "done" ? `migrate: was done by ${step.task.arn}` : `migrate: going on with ${step.task.arn}`,
    );
    return step.task;
  }
  const token = digest(`${release} ${revision} ${step.attempt}`).slice(0, 64);
  const task = await world.ecs.start({ service, revision, container, command, startedBy, token });
  world.say(`migrate: ${command.join(" ")} as ${short(revision)}, ${task.arn}`);
  return task;
}

async function follow(world: World, first: MigrationTask, copy: () => Promise<void>): Promise<MigrationTask> {
  let task = first;
  for (;;) {
    await copy();
    if (task.status === "STOPPED") return task;
    await world.clock.sleep(POLL_MS);
    const found = await world.ecs.task(task.arn);
    if (found === undefined)
      throw new DeployError("DEPLOY_TASK_NOT_STARTED", `The migration's task ${task.arn} is gone.`);
    task = found;
  }
}

async function copyLog(world: World, log: LogStream, lines: string[]): Promise<void> {
  for (const line of await log.next()) {
    lines.push(line);
    world.say(`migrate | ${line}`);
  }
}

function checkEnd({ arn, exitCode, reason = "no reason given" }: MigrationTask): void {
  if (exitCode === undefined)
    throw new DeployError("DEPLOY_TASK_NOT_STARTED", `The migration's task ${arn} did not run: ${reason}.`);
  if (exitCode !== 0)
    throw new DeployError("DEPLOY_MIGRATION_FAILED", `The migration ended with exit code ${exitCode} (${reason}).`);
}

/** The task may have stopped before its last lines have arrived. */
async function versionFrom(world: World, log: LogStream, lines: string[]): Promise<string> {
  const until = world.clock.now() + LOG_DELAY_MS;
  for (;;) {
    const version = schemaVersion(lines);
    if (version !== undefined) return version;
    if (world.clock.now() >= until)
      throw new DeployError("DEPLOY_SCHEMA_UNKNOWN", "The migration's log has no line `Current version: …`.");
    await world.clock.sleep(POLL_MS);
    await copyLog(world, log, lines);
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
