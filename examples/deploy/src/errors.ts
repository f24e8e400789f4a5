/** Every way a deployment refuses or fails; scripts may rely on these names. */
export type ErrorCode =
  | "DEPLOY_USAGE"
  | "DEPLOY_DRAFT_INVALID"
  | "DEPLOY_DRAFT_INCOMPLETE"
  | "DEPLOY_IMAGE_MISSING"
  | "DEPLOY_REVISION_GONE"
  | "DEPLOY_SERVICE_MISSING"
  | "DEPLOY_TASK_REFUSED"
  | "DEPLOY_TASK_NOT_STARTED"
  | "DEPLOY_MIGRATION_FAILED"
  | "DEPLOY_SCHEMA_UNKNOWN"
  | "DEPLOY_ROLLED_BACK"
  | "DEPLOY_FIRST_FAILED"
  | "DEPLOY_REPLACED"
  | "DEPLOY_TIMEOUT"
  | "DEPLOY_MARKER_MISSING"
  | "DEPLOY_MARKER_INVALID"
  | "DEPLOY_SCHEMA_AHEAD"
  | "DEPLOY_ASSETS_FAILED"
  | "DEPLOY_CREDENTIALS"
  | "DEPLOY_AWS_FAILED";

/** The one table of codes: exit code 1 the work failed, 2 wrong use and nothing touched, 3 a guard refused. */
export const ERRORS: Readonly<Record<ErrorCode, { exitCode: number; meaning: string; remedy: string }>> = {
  DEPLOY_USAGE: {
    exitCode: 2,
    meaning: "The command line holds an unknown verb, flag or value.",
    remedy: "`deploy --help` lists the verbs.",
  },
  DEPLOY_DRAFT_INVALID: {
    exitCode: 2,
    meaning: "The release file cannot be read, or is not one that `deploy draft` has written.",
    remedy: "Make it again with `deploy draft`.",
  },
  DEPLOY_DRAFT_INCOMPLETE: {
    exitCode: 2,
    meaning: "The release file lacks what an earlier step writes into it.",
    remedy: "Run the named step first: draft, receipt, revision, migrate, update, verify, mark.",
  },
  DEPLOY_IMAGE_MISSING: {
    exitCode: 1,
    meaning: "An image is not in its repository.",
    remedy: "Push it; an image that a lifecycle rule has removed has to be built again from its commit.",
  },
  DEPLOY_REVISION_GONE: {
    exitCode: 1,
    meaning: "A revision of a task definition is not active any more.",
    remedy: "Register it again from the marker's image, and deploy that.",
  },
  DEPLOY_SERVICE_MISSING: {
    exitCode: 1,
    meaning: "The cluster has no such service.",
    remedy: "Apply the Terraform configuration of this environment first.",
  },
  DEPLOY_TASK_REFUSED: {
    exitCode: 1,
    meaning: "ECS would not start the migration's task.",
    remedy: "The message has ECS's reason: capacity, quota, subnet or role.",
  },
  DEPLOY_TASK_NOT_STARTED: {
    exitCode: 1,
    meaning: "The migration's task stopped before its container ran.",
    remedy: "The message has ECS's reason: most often an image that cannot be pulled or a secret that cannot be read.",
  },
  DEPLOY_MIGRATION_FAILED: {
    exitCode: 1,
    meaning: "The migration ended with an exit code other than 0. No service was updated.",
    remedy: "Its log is above. Mend the migration and release again.",
  },
  DEPLOY_SCHEMA_UNKNOWN: {
    exitCode: 1,
    meaning: "The migration's log does not say which version the schema has. No service was updated.",
    remedy: "Its command has to print `Current version: …`, as `bin/rails db:version` does.",
  },
  DEPLOY_ROLLED_BACK: {
    exitCode: 1,
    meaning: "ECS ended the deployment and went back to the revision before.",
    remedy: "The service's events are above; the tasks' logs say why they did not stay healthy.",
  },
  DEPLOY_FIRST_FAILED: {
    exitCode: 1,
    meaning: "The first deployment of a service failed, and there is nothing to go back to.",
    remedy: "Mend it and deploy again; until then the service tries to start tasks.",
  },
  DEPLOY_REPLACED: {
    exitCode: 1,
    meaning: "Somebody else deployed while this deployment was rolling out.",
    remedy: "Find out who; deployments of an environment have to follow each other (serial-group, concurrency).",
  },
  DEPLOY_TIMEOUT: {
    exitCode: 1,
    meaning: "The deployment was not complete in time. It goes on.",
    remedy: "Run `deploy verify` again, with a longer --deadline if that is expected.",
  },
  DEPLOY_MARKER_MISSING: {
    exitCode: 2,
    meaning: "There is no such marked release.",
    remedy: "`deploy releases` lists them.",
  },
  DEPLOY_MARKER_INVALID: {
    exitCode: 1,
    meaning: "A release marker in the parameter store is not one that `deploy mark` has written.",
    remedy: "Look at the parameter's history; a later `deploy mark` is read again.",
  },
  DEPLOY_SCHEMA_AHEAD: {
    exitCode: 3,
    meaning:
      "The schema is newer than the release to go back to knows, or may be after a release that was never marked.",
    remedy: "If its migrations only added (expand, contract later), give --keep-schema.",
  },
  DEPLOY_ASSETS_FAILED: {
    exitCode: 1,
    meaning: "asset-sync failed.",
    remedy: "Its message is above, with a code of its own.",
  },
  DEPLOY_CREDENTIALS: {
    exitCode: 1,
    meaning: "The AWS credentials are missing, expired or refused. What was begun goes on.",
    remedy: "Sign in again and run the same command: it goes on where it was.",
  },
  DEPLOY_AWS_FAILED: {
    exitCode: 1,
    meaning: "AWS refused a request or did not answer.",
    remedy: "The message names the request and AWS's reason.",
  },
};

/** A failure that is meant for the person at the pipeline. */
export class DeployError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "DeployError";
    this.code = code;
    this.hint = ERRORS[code].remedy;
    this.exitCode = ERRORS[code].exitCode;
  }
}
