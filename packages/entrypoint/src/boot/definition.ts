import type { RunTask } from "../task/command-task.ts";
import type { MigrateTask } from "../task/migrate-task.ts";
import type { VerifyAssetsTask } from "../task/verify-assets.ts";
import type { WaitForTask } from "../task/wait-for.ts";
import { below, describe, invalid, readKey, type Place, type Value } from "./read-value.ts";
import { TASK_KEYS, TOP_KEYS, type KeyRow, type TaskName } from "./schema.ts";
import { suggest } from "./spelling.ts";

/** A task of a start, complete. */
export type Task = WaitForTask | VerifyAssetsTask | MigrateTask | RunTask;

/** A valid definition with its variables put in. */
export interface Definition {
  /** Where the release id is looked up when the environment does not give it. */
  readonly receipt: string | undefined;
  readonly tasks: readonly Task[];
}

/**
 * Checks a parsed definition and completes it. Pure: nothing is read and nothing is touched.
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID`, `ENTRYPOINT_VARIABLE_UNSET`, each naming the path in the file
 */
export function readDefinition(value: unknown, env: Readonly<NodeJS.ProcessEnv>): Definition {
  const place: Place = { path: "", env };
  const top = asObject(value, place);
  refuseUnknown(top, ["$schema", "tasks", ...TOP_KEYS.map((row) => row.key)], place);
  const receipt = readKeys(top, TOP_KEYS, place).optionalText("receipt");
  const listed = top.get("tasks");
  if (!Array.isArray(listed)) throw invalid("tasks", `${describe(listed)}, expected a list of tasks`);
  const tasks = listed.map((task: unknown, index) => readTask(task, receipt, below(place, `tasks[${String(index)}]`)));
  refuseTwins(tasks);
  return { receipt, tasks };
}

function readTask(value: unknown, receipt: string | undefined, place: Place): Task {
  const object = asObject(value, place);
  const name = object.get("task");
  const names = Object.keys(TASK_KEYS);
  const { path } = below(place, "task");
  if (typeof name !== "string") throw invalid(path, `${describe(name)}, expected one of ${names.join(", ")}`);
  if (!isTaskName(name)) throw invalid(path, `there is no task ${describe(name)}: ${suggest(name, names)}`);
  const rows = TASK_KEYS[name];
  refuseUnknown(object, ["task", ...rows.map((row) => row.key)], place);
  return BUILDERS[name](readKeys(object, rows, place), receipt, place);
}

type Builder = (values: Values, receipt: string | undefined, place: Place) => Task;

const BUILDERS: Readonly<Record<TaskName, Builder>> = {
  "wait-for": (values) => ({ task: "wait-for", url: values.text("url"), deadlineMs: values.number("deadline") }),
  "verify-assets": (values, receipt, place) => {
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
    name: values.text("name"),
  }),
  run: (values) => ({
    task: "run",
    run: values.words("run"),
    shown: values.shown("run"),
    deadlineMs: values.number("deadline"),
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

/** The values of an object whose rules they passed; asking for a value of another kind is a bug. */
interface Values {
  text(key: string): string;
  optionalText(key: string): string | undefined;
  number(key: string): number;
  words(key: string): readonly string[];
  /** The words as they stand in the file, with variables as names: fit to be printed. */
  shown(key: string): string;
}

function readKeys(object: ReadonlyMap<string, unknown>, rows: readonly KeyRow[], place: Place): Values {
  const values = new Map(rows.map((row) => [row.key, readKey(row, object.get(row.key), below(place, row.key))]));
  const get = <T extends Value>(key: string, fits: (value: Value) => value is T): T => {
    const value = values.get(key);
    if (value === undefined || !fits(value)) throw new Error(`the rule of ${key} let ${describe(value)} through`);
    return value;
  };
  return {
    text: (key) => get(key, isText),
    optionalText: (key) => (values.get(key) === undefined ? undefined : get(key, isText)),
    number: (key) => get(key, (value) => typeof value === "number"),
    words: (key) => get(key, (value) => Array.isArray(value)),
    shown: (key) => [object.get(key)].flat().join(" "),
  };
}

function isText(value: Value): value is string {
  return typeof value === "string";
}

function asObject(value: unknown, place: Place): ReadonlyMap<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw invalid(place.path === "" ? "the definition" : place.path, `${describe(value)}, expected an object`);
}

function refuseUnknown(object: ReadonlyMap<string, unknown>, known: readonly string[], place: Place): void {
  const unknown = [...object.keys()].find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw invalid(below(place, unknown).path, `there is no such key: ${suggest(unknown, known)}`);
}
