/** Every way a start can end that is not a bug of ours. */
export type ErrorCode =
  | "ENTRYPOINT_FLAG_UNKNOWN"
  | "ENTRYPOINT_VERB_UNKNOWN"
  | "ENTRYPOINT_COMMAND_MISSING"
  | "ENTRYPOINT_DEFINITION_MISSING"
  | "ENTRYPOINT_DEFINITION_SYNTAX"
  | "ENTRYPOINT_DEFINITION_INVALID"
  | "ENTRYPOINT_VARIABLE_UNSET"
  | "ENTRYPOINT_RECEIPT_UNREADABLE"
  | "ENTRYPOINT_WAIT_DEADLINE"
  | "ENTRYPOINT_TASK_DEADLINE"
  | "ENTRYPOINT_BUDGET_SPENT"
  | "ENTRYPOINT_TASK_FAILED"
  | "ENTRYPOINT_ASSETS_INCOMPLETE"
  | "ENTRYPOINT_DATABASE_LOGIN"
  | "ENTRYPOINT_DATABASE_MISSING"
  | "ENTRYPOINT_DATABASE_TLS"
  | "ENTRYPOINT_AWS_CREDENTIALS"
  | "ENTRYPOINT_ELECTION_UNREACHABLE"
  | "ENTRYPOINT_ELECTION_REFUSED"
  | "ENTRYPOINT_ELECTION_POOLED"
  | "ENTRYPOINT_ELECTION_DEADLINE"
  | "ENTRYPOINT_ELECTION_LOST"
  | "ENTRYPOINT_RELEASE_FAILED"
  | "ENTRYPOINT_RAILS_LOCK_HELD"
  | "ENTRYPOINT_SCHEMA_AHEAD"
  | "ENTRYPOINT_SCHEMA_BEHIND"
  | "ENTRYPOINT_INTERRUPTED"
  | "ENTRYPOINT_PROGRAM_NOT_FOUND"
  | "ENTRYPOINT_PROGRAM_NOT_EXECUTABLE"
  | "ENTRYPOINT_SYMLINK_FAILED"
  | "ENTRYPOINT_ENTRYKIT_OPTION"
  | "ENTRYPOINT_ENTRYKIT_TASK"
  | "ENTRYPOINT_TEMPLATE_INVALID"
  | "ENTRYPOINT_LINT_UNREADABLE"
  | "ENTRYPOINT_BAKE_FAILED"
  | "ENTRYPOINT_SECRET_UNAVAILABLE"
  | "ENTRYPOINT_SECRET_DEADLINE"
  | "ENTRYPOINT_REDACTION_IMPOSSIBLE"
  | "ENTRYPOINT_RENDER_FAILED";

/** What each code means, the exit code the container ends with, and what to do. */
export const ERRORS: Readonly<Record<ErrorCode, { exitCode: number; meaning: string; remedy: string }>> = {
  ENTRYPOINT_FLAG_UNKNOWN: {
    exitCode: 2,
    meaning: "A flag before `--` is not one the verb knows, or lacks its value.",
    remedy: "Use a flag that `entrypoint VERB --help` lists; what belongs to the app goes after `--`.",
  },
  ENTRYPOINT_VERB_UNKNOWN: {
    exitCode: 2,
    meaning: "The first argument is not a verb.",
    remedy: "Use one of the verbs that `entrypoint --help` lists.",
  },
  ENTRYPOINT_COMMAND_MISSING: {
    exitCode: 2,
    meaning: "Nothing follows `--`, so there is no program to become.",
    remedy: "Give the image a CMD, the container a command, or the definition processes.",
  },
  ENTRYPOINT_DEFINITION_MISSING: {
    exitCode: 2,
    meaning: "The definition file is not there or cannot be read.",
    remedy: "Write `entrypoint.json` into the working directory of the image, or name it with `--config FILE`.",
  },
  ENTRYPOINT_DEFINITION_SYNTAX: {
    exitCode: 2,
    meaning: "The definition file is not JSON.",
    remedy: "Mend the file at the place the message names.",
  },
  ENTRYPOINT_DEFINITION_INVALID: {
    exitCode: 2,
    meaning: "The definition holds a key, a task or a value that is not allowed there.",
    remedy: "Correct the value at the path the message names; docs/definition.md lists every key.",
  },
  ENTRYPOINT_VARIABLE_UNSET: {
    exitCode: 2,
    meaning: "The definition names an environment variable that the container does not have.",
    remedy:
      "Set the variable in the task definition or with `docker run -e NAME`; write `$${NAME}` for the plain text.",
  },
  ENTRYPOINT_RECEIPT_UNREADABLE: {
    exitCode: 2,
    meaning: "The receipt of the assets is missing or is not a receipt.",
    remedy: "Copy the receipt that `asset-sync sync` wrote into the image.",
  },
  ENTRYPOINT_WAIT_DEADLINE: {
    exitCode: 125,
    meaning: "What the start waits for did not answer before the deadline.",
    remedy: "Look at the last reason; allow more time with `deadline` when the service is only slow.",
  },
  ENTRYPOINT_TASK_DEADLINE: {
    exitCode: 125,
    meaning: "A task ran longer than its deadline and was stopped.",
    remedy: "Give the task a longer `deadline`.",
  },
  ENTRYPOINT_BUDGET_SPENT: {
    exitCode: 125,
    meaning: "All tasks together took longer than the definition's budget, and the one at that moment was stopped.",
    remedy: "Look at the timeline for what took so long; give the start a larger `budget`.",
  },
  ENTRYPOINT_TASK_FAILED: {
    exitCode: 1,
    meaning: "A task's command failed; the container ends with the command's own exit code.",
    remedy: "Read the command's output above the message.",
  },
  ENTRYPOINT_ASSETS_INCOMPLETE: {
    exitCode: 1,
    meaning: "The asset store does not hold what this image's receipt names.",
    remedy: "Run `asset-sync sync` for this release before its image is started.",
  },
  ENTRYPOINT_DATABASE_LOGIN: {
    exitCode: 125,
    meaning: "The database server does not let this user in from here.",
    remedy: "Check user and password of the address, and that the server's pg_hba.conf has a line for this client.",
  },
  ENTRYPOINT_DATABASE_MISSING: {
    exitCode: 125,
    meaning: "The server has no database of the name in the address.",
    remedy:
      "Check the name at the end of the address; migrate with `db:prepare` where a first boot is to create the database.",
  },
  ENTRYPOINT_DATABASE_TLS: {
    exitCode: 125,
    meaning: "A certificate or key that the database's address names cannot be read.",
    remedy: "Copy the file into the image where this user may read it, or correct sslrootcert, sslcert or sslkey.",
  },
  ENTRYPOINT_AWS_CREDENTIALS: {
    exitCode: 125,
    meaning: "There are no credentials for AWS, or the task's role could not be asked for them.",
    remedy: "Give the ECS task a task role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
  },
  ENTRYPOINT_ELECTION_UNREACHABLE: {
    exitCode: 125,
    meaning: "The database, bucket or file that holds the election cannot be reached.",
    remedy: "Check the address and the credentials of `election`; put a `wait-for` task before it when it starts late.",
  },
  ENTRYPOINT_ELECTION_REFUSED: {
    exitCode: 125,
    meaning: "The election's back end answered, but refused to keep the election's state.",
    remedy: "Grant what the message names, for PostgreSQL: CREATE SCHEMA slipway AUTHORIZATION the_role.",
  },
  ENTRYPOINT_ELECTION_POOLED: {
    exitCode: 125,
    meaning: "A pooler in transaction mode stands before the database, so no lock of a session can be held.",
    remedy:
      "Name the database itself in `election`, or a pool in session mode (PgBouncer: pool_mode=session), or an S3 bucket.",
  },
  ENTRYPOINT_ELECTION_DEADLINE: {
    exitCode: 125,
    meaning: "Another container was still running the task when the deadline ended.",
    remedy: "Look at that container; give the task a longer `deadline` if it works as it should.",
  },
  ENTRYPOINT_ELECTION_LOST: {
    exitCode: 125,
    meaning: "The connection that holds the election broke while the task ran, so the task was stopped.",
    remedy: "Start the container again; look for a restart or a failover of the database.",
  },
  ENTRYPOINT_RELEASE_FAILED: {
    exitCode: 123,
    meaning: "The task of this release has failed in another container; it is not run again here.",
    remedy: "Read the failed container's log; deploy a new release, or one that can go back.",
  },
  ENTRYPOINT_RAILS_LOCK_HELD: {
    exitCode: 125,
    meaning: "Rails' own migration lock was held by another session until the deadline.",
    remedy: "End the session the message names: SELECT pg_terminate_backend(pid), or KILL id on MySQL.",
  },
  ENTRYPOINT_SCHEMA_AHEAD: {
    exitCode: 125,
    meaning: "The database has migrations that are newer than all of the image's, and the definition refuses that.",
    remedy: "Start an image that knows the schema, or roll the database back first.",
  },
  ENTRYPOINT_SCHEMA_BEHIND: {
    exitCode: 125,
    meaning:
      "The database does not have all of the image's migrations, and it is not for this container to apply them.",
    remedy: "Look at the container that migrates; a release that is recorded as done is not migrated again.",
  },
  ENTRYPOINT_INTERRUPTED: {
    exitCode: 143,
    meaning: "A signal ended the start before the app began; the exit code is 128 + the signal's number.",
    remedy: "Nothing to mend: what was begun can be run again.",
  },
  ENTRYPOINT_PROGRAM_NOT_FOUND: {
    exitCode: 127,
    meaning: "A program, or the interpreter its first line names, does not exist.",
    remedy: "Check the spelling, the PATH and the first line of the script.",
  },
  ENTRYPOINT_PROGRAM_NOT_EXECUTABLE: {
    exitCode: 126,
    meaning: "A program exists but cannot be executed.",
    remedy: "Set the execute bit in the image (COPY --chmod=755) and check the platform it was built for.",
  },
  ENTRYPOINT_SYMLINK_FAILED: {
    exitCode: 1,
    meaning: "A link for an entrykit name could not be made.",
    remedy: "Run `entrypoint --symlink` as a user who may write to the program's folder.",
  },
  ENTRYPOINT_ENTRYKIT_OPTION: {
    exitCode: 1,
    meaning: "An option before `--` is not one that the command knows, or lacks its value.",
    remedy: "Use an option that `--help` lists; a task cannot begin with a dash, name it: `x=-program`.",
  },
  ENTRYPOINT_ENTRYKIT_TASK: {
    exitCode: 1,
    meaning: "A task under an entrykit name failed or could not be started.",
    remedy: "Read the task's own output.",
  },
  ENTRYPOINT_TEMPLATE_INVALID: {
    exitCode: 1,
    meaning: "A template is not one, calls a function that is not there, or a function failed; no file was written.",
    remedy: "Mend the template at the line and column the message names; docs/entrykit.md lists the functions.",
  },
  ENTRYPOINT_LINT_UNREADABLE: {
    exitCode: 2,
    meaning: "A Dockerfile or definition to be looked at cannot be read.",
    remedy:
      "Name a file that exists; without a name they are `Dockerfile` and `entrypoint.json` in the working directory.",
  },
  ENTRYPOINT_BAKE_FAILED: {
    exitCode: 1,
    meaning: "The compiled form of the program could not be made, or not be written beside it.",
    remedy:
      "Run `entrypoint bake` in the image's build, as a user who may write to the program's folder and to that for temporary files.",
  },
  ENTRYPOINT_SECRET_UNAVAILABLE: {
    exitCode: 125,
    meaning: "A secret that a variable stands for is not there, or this container may not read it.",
    remedy:
      "Check its name, and that the task role may read it: ssm:GetParameters, secretsmanager:GetSecretValue, kms:Decrypt.",
  },
  ENTRYPOINT_SECRET_DEADLINE: {
    exitCode: 125,
    meaning: "The secrets were not all read before the deadline.",
    remedy: "Look at the last reason; allow more time with `secretsDeadline` when AWS only answers slowly.",
  },
  ENTRYPOINT_REDACTION_IMPOSSIBLE: {
    exitCode: 125,
    meaning: "There are secrets, and a task's output cannot be led through the entrypoint to keep them out of it.",
    remedy: "Install coreutils' mkfifo in the image, and let /dev/shm or the temporary folder be writable.",
  },
  ENTRYPOINT_RENDER_FAILED: {
    exitCode: 125,
    meaning: "A rendered file could not be put in its place, or its check did not accept it.",
    remedy:
      "Let the folder of the file be writable for this user (a mounted volume on a read-only root), and its owner exist.",
  },
};
