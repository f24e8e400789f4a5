import type { ExitCodeMap } from "../process/exit-codes.ts";
import { defaultTasks } from "./default-tasks.ts";
import type { HealthOptions } from "./health.ts";
import { MODES, type Mode } from "./modes.ts";
import { isBackground, orderTasks } from "./order.ts";
import { readProcesses, type Processes } from "./processes.ts";
import { asObject, readKeys, refuseUnknown } from "./read-object.ts";
import { below, describe, invalid, readExitCodes, type Place } from "./read-value.ts";
import { readTask, type Task } from "./read-task.ts";
import { TOP_KEYS } from "./schema.ts";

/** A valid definition with its variables put in. */
export interface Definition {
  /** Where the release id is looked up when the environment does not give it. */
  readonly receipt: string | undefined;
  /** What every container of it is started for; `undefined`: as its command tells. */
  readonly mode: Mode | undefined;
  /** In the order in which they are carried out, one after the other. */
  readonly tasks: readonly Task[];
  /** What the whole start may take until the app begins, in milliseconds. */
  readonly budgetMs: number | undefined;
  /** What is run when no command is given. */
  readonly processes: Processes | undefined;
  /** Exit codes of the app that the outside is to see as others. */
  readonly exitCodes: ExitCodeMap;
  /** The port that the environment gives the app. */
  readonly port: number;
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
  { read = refuseToRead, secrets = NONE, taskList = "tasks" }: Surroundings = {},
): Definition {
  const place: Place = { path: "", env, secrets };
  const top = asObject(value, place);
  refuseUnknown(top, ["$schema", "tasks", "processes", ...TOP_KEYS.map((row) => row.key)], place);
  const values = readKeys(top, TOP_KEYS, place);
  const receipt = values.optionalText("receipt");
  const shared = { receipt, waitMs: values.optionalNumber("waitDeadline") };
  const tasks = listOfTasks(top, env).map((task, index) =>
    readTask(task, shared, below(place, `${taskList}[${String(index)}]`)),
  );
  refuseTwins(tasks, taskList);
  const given = env[EXIT_CODES_VARIABLE] ?? "";
  const overriding = given === "" ? [] : readExitCodes(given, EXIT_CODES_VARIABLE);
  const exitCodes = new Map([...values.exitCodes("exitCodes"), ...overriding]);
  const port = values.optionalNumber("healthPort");
  const health = port === undefined ? undefined : { port, status: Number(values.text("healthStatus")) };
  const hasProcesses = top.has("processes") || top.has("procfile");
  const mode = MODES.find((known) => known === values.optionalText("mode"));
  return {
    receipt,
    mode,
    tasks: orderTasks(tasks, taskList),
    budgetMs: values.optionalNumber("budget"),
    processes: hasProcesses ? readProcesses(top.get("processes"), values, { place, read }) : undefined,
    exitCodes,
    port: tasks.some(isBackground) ? portOf(env) : STANDARD_PORT,
    health,
  };
}

function listOfTasks(top: ReadonlyMap<string, unknown>, env: Readonly<NodeJS.ProcessEnv>): readonly unknown[] {
  const listed = top.has("tasks") ? top.get("tasks") : defaultTasks(Object.fromEntries(top), env);
  if (Array.isArray(listed)) return listed;
  if (listed !== undefined) throw invalid("tasks", `${describe(listed)}, expected a list of tasks`);
  const why = "the default ones need DATABASE_URL, which is not set; expected a list of tasks, [] for none";
  throw invalid("tasks", `missing, and ${why}`);
}

/** Where Rails and Puma listen when PORT is not set. */
const STANDARD_PORT = 3_000;

/** Only work beside the app asks for its port, so only a definition of such work refuses a wrong one. */
function portOf({ PORT = "" }: Readonly<NodeJS.ProcessEnv>): number {
  const port = PORT === "" ? STANDARD_PORT : Number(PORT);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw invalid("PORT", `${describe(PORT)}, expected a port from 1 to 65535, at which the app is ready`);
}

/** What a definition is read with beside the environment. */
export interface Surroundings {
  readonly read?: ReadNamed;
  /** Variables that no command line may hold. */
  readonly secrets?: ReadonlySet<string>;
  /** What messages call the list of tasks. */
  readonly taskList?: string;
}

const NONE: ReadonlySet<string> = new Set();

function refuseToRead(path: string): never {
  throw invalid("procfile", `${path} is not read here`);
}

/** Two tasks of one name would be one task to an election: the second would never run. */
function refuseTwins(tasks: readonly Task[], list: string): void {
  const names = tasks.map(({ name }) => name);
  const twin = names.findIndex((name, index) => name !== undefined && names.indexOf(name) < index);
  if (twin === -1) return;
  const first = `${list}[${String(names.indexOf(names[twin]))}]`;
  throw invalid(
    `${list}[${String(twin)}].name`,
    `${describe(names[twin])} is the name of ${first} too, expected another`,
  );
}
