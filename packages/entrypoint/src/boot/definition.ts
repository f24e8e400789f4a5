import type { RunTask } from "../task/command-task.ts";
import type { MigrateTask } from "../task/migrate-task.ts";
import type { RenderTask } from "../task/render.ts";
import type { VerifyAssetsTask } from "../task/verify-assets.ts";
import type { WaitForTask } from "../task/wait-for.ts";
import type { ExitCodeMap } from "../process/exit-codes.ts";
import type { HealthOptions } from "./health.ts";
import { MODES, type Mode } from "./modes.ts";
import { readProcesses, type Processes } from "./processes.ts";
import { asObject, readKeys, refuseUnknown, type Values } from "./read-object.ts";
import { below, describe, invalid, readExitCodes, type Place } from "./read-value.ts";
import { NEWER, TASK_KEYS, TOP_KEYS, type TaskName } from "./schema.ts";
import { suggest } from "./spelling.ts";

/** A task of a start, complete. */
export type Task = (WaitForTask | VerifyAssetsTask | MigrateTask | RenderTask | RunTask) & {
  /** For which modes it is carried out. */
  readonly for: readonly string[];
};

/** A valid definition with its variables put in. */
export interface Definition {
  /** Where the release id is looked up when the environment does not give it. */
  readonly receipt: string | undefined;
  /** What every container of it is started for; `undefined`: as its command tells. */
  readonly mode: Mode | undefined;
  readonly tasks: readonly Task[];
  /** What is run when no command is given. */
  readonly processes: Processes | undefined;
  /** Exit codes of the app that the outside is to see as others. */
  readonly exitCodes: ExitCodeMap;
  /** Where the start answers for the app, and with what. */
  readonly health: HealthOptions | undefined;
}

/** The text of a file that a definition names. */
export type ReadNamed = (path: string) => string;

/** A variable of ours: exit codes that go before those of the definition. */
const EXIT_CODES_VARIABLE = "ENTRYPOINT_EXIT_CODES";

/**
 * Checks a parsed definition and completes it. Nothing is touched, and only a Procfile that it names is read.
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID`, `ENTRYPOINT_VARIABLE_UNSET`, each naming the path in the file
 */
export function readDefinition(
  value: unknown,
  env: Readonly<NodeJS.ProcessEnv>,
  { read = refuseToRead, secrets = NONE }: Surroundings = {},
): Definition {
  const place: Place = { path: "", env, secrets };
  const top = asObject(value, place);
  refuseUnknown(top, ["$schema", "tasks", "processes", ...TOP_KEYS.map((row) => row.key)], place);
  const values = readKeys(top, TOP_KEYS, place);
  const receipt = values.optionalText("receipt");
  const listed = top.get("tasks");
  if (!Array.isArray(listed)) throw invalid("tasks", `${describe(listed)}, expected a list of tasks`);
  const tasks = listed.map((task: unknown, index) =>
    readTask(task, { receipt, waitMs: values.optionalNumber("waitDeadline") }, below(place, `tasks[${String(index)}]`)),
  );
  refuseTwins(tasks);
  const given = env[EXIT_CODES_VARIABLE] ?? "";
  const overriding = given === "" ? [] : readExitCodes(given, EXIT_CODES_VARIABLE);
  const exitCodes = new Map([...values.exitCodes("exitCodes"), ...overriding]);
  const port = values.optionalNumber("healthPort");
  const health = port === undefined ? undefined : { port, status: Number(values.text("healthStatus")) };
  const mode = MODES.find((known) => known === values.optionalText("mode"));
  return {
    receipt,
    mode,
    tasks,
    processes: readProcesses(top.get("processes"), values, { place, read }),
    exitCodes,
    health,
  };
}

/** What a definition is read with beside the environment. */
export interface Surroundings {
  readonly read?: ReadNamed;
  /** Variables that no command line may hold. */
  readonly secrets?: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

function refuseToRead(path: string): never {
  throw invalid("procfile", `${path} is not read here`);
}

/** What the definition says for all tasks. */
interface Shared {
  readonly receipt: string | undefined;
  readonly waitMs: number | undefined;
}

function readTask(value: unknown, shared: Shared, place: Place): Task {
  const object = asObject(value, place);
  const name = object.get("task");
  const names = Object.keys(TASK_KEYS);
  const { path } = below(place, "task");
  if (typeof name !== "string") throw invalid(path, `${describe(name)}, expected one of ${names.join(", ")}`);
  if (!isTaskName(name)) throw invalid(path, `there is no task ${describe(name)}: ${suggest(name, names)}`);
  const rows = TASK_KEYS[name];
  refuseUnknown(object, ["task", ...rows.map((row) => row.key)], place);
  const values = readKeys(object, rows, place);
  return { ...BUILDERS[name](values, shared, place), for: values.words("for") };
}

type Builder = (
  values: Values,
  shared: Shared,
  place: Place,
) => WaitForTask | VerifyAssetsTask | MigrateTask | RenderTask | RunTask;

const BUILDERS: Readonly<Record<TaskName, Builder>> = {
  "wait-for": (values, { waitMs }) => ({
    task: "wait-for",
    url: values.text("url"),
    deadlineMs: values.number("deadline"),
    totalMs: waitMs,
  }),
  "verify-assets": (values, { receipt }, place) => {
    const own = values.optionalText("receipt") ?? receipt;
    if (own === undefined)
      throw invalid(below(place, "receipt").path, "missing, and the definition names no receipt either");
    return { task: "verify-assets", receipt: own, deadlineMs: values.number("deadline") };
  },
  migrate: (values) => ({
    task: "migrate",
    run: values.words("run"),
    shown: values.shown("run"),
    election: values.text("election"),
    deadlineMs: values.number("deadline"),
    tries: values.number("tries"),
    leaseMs: values.number("lease"),
    name: values.text("name"),
    mode: values.text("mode") === "wait" ? "wait" : "run",
    database: values.optionalText("database"),
    paths: values.optionalWords("paths"),
    newer: NEWER.find((choice) => choice === values.text("newer")) ?? "warn",
  }),
  render: (values) => ({
    task: "render",
    template: values.text("template"),
    to: values.text("to"),
    mode: values.number("mode"),
    owner: values.optionalText("owner"),
    check: values.optionalWords("check"),
    deadlineMs: values.number("deadline"),
  }),
  run: (values) => ({
    task: "run",
    run: values.words("run"),
    shown: values.shown("run"),
    deadlineMs: values.number("deadline"),
    tries: values.number("tries"),
  }),
};

function isTaskName(name: string): name is TaskName {
  return Object.hasOwn(TASK_KEYS, name);
}

/** Two migrate tasks of one name would be one task to the election: the second would never run. */
function refuseTwins(tasks: readonly Task[]): void {
  const names = tasks.map((task) => (task.task === "migrate" ? task.name : undefined));
  const twin = names.findIndex((name, index) => name !== undefined && names.indexOf(name) < index);
  if (twin === -1) return;
  const first = `tasks[${String(names.indexOf(names[twin]))}]`;
  throw invalid(
    `tasks[${String(twin)}].name`,
    `${describe(names[twin])} is the name of ${first} too, expected another`,
  );
}
