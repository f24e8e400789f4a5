import { EntrypointError } from "../errors.ts";
import type { RunTask } from "../task/command-task.ts";
import type { MigrateTask } from "../task/migrate.ts";
import type { VerifyAssetsTask } from "../task/verify-assets.ts";
import type { WaitForTask } from "../task/wait-for.ts";
import { interpolate } from "./interpolate.ts";
import { TASK_KEYS, TOP_KEYS, type KeyRow, type TaskName, type ValueRule } from "./schema.ts";
import { suggest } from "./spelling.ts";
import { durationMs, refuseUrl } from "./values.ts";

/** A task of a start, complete. */
export type Task = WaitForTask | VerifyAssetsTask | MigrateTask | RunTask;

/** A valid definition with its variables put in. */
export interface Definition {
  /** Where the release id is looked up when the environment does not give it. */
  readonly receipt: string | undefined;
  readonly tasks: readonly Task[];
}

type Values = Readonly<Record<string, unknown>>;

/** Where a value stands and what variables there are. */
interface Place {
  readonly path: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

/**
 * Checks a parsed definition and completes it. Pure: nothing is read and nothing is touched.
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID`, `ENTRYPOINT_VARIABLE_UNSET`, each naming the path in the file
 */
export function readDefinition(value: unknown, env: Readonly<NodeJS.ProcessEnv>): Definition {
  const place = { path: "", env };
  const top = asObject(value, place);
  refuseUnknown(top, ["$schema", "tasks", ...TOP_KEYS.map((row) => row.key)], place);
  const { receipt } = readKeys(top, TOP_KEYS, place);
  const tasks = top["tasks"];
  if (!Array.isArray(tasks)) throw invalid("tasks", `${describe(tasks)}, expected a list of tasks`);
  const read = tasks.map((task: unknown, index) => {
    return readTask(task, receipt as string | undefined, { path: `tasks[${String(index)}]`, env });
  });
  refuseTwins(read);
  return { receipt: receipt as string | undefined, tasks: read };
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

function readTask(value: unknown, receipt: string | undefined, place: Place): Task {
  const object = asObject(value, place);
  const name = object["task"];
  const names = Object.keys(TASK_KEYS);
  if (typeof name !== "string")
    throw invalid(`${place.path}.task`, `${describe(name)}, expected one of ${names.join(", ")}`);
  if (!isTaskName(name))
    throw invalid(`${place.path}.task`, `there is no task ${describe(name)}: ${suggest(name, names)}`);
  const rows = TASK_KEYS[name];
  refuseUnknown(object, ["task", ...rows.map((row) => row.key)], place);
  const values = { task: name, ...readKeys(object, rows, place) };
  if (name !== "verify-assets") return values as unknown as Task;
  const complete = { receipt, ...withoutUndefined(values) };
  if (complete.receipt === undefined) {
    throw invalid(`${place.path}.receipt`, "missing, and the definition names no receipt either");
  }
  return complete as unknown as Task;
}

function withoutUndefined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function isTaskName(name: string): name is TaskName {
  return Object.hasOwn(TASK_KEYS, name);
}

function readKeys(object: Values, rows: readonly KeyRow[], place: Place): Values {
  const entries = rows.map((row): [string, unknown] => {
    const path = join(place.path, row.key);
    const value = object[row.key] ?? row.fallback;
    if (object[row.key] === null) throw invalid(path, `null, expected ${EXPECTED[row.rule.kind]}`);
    if (value === undefined && row.required) throw invalid(path, `missing, expected ${EXPECTED[row.rule.kind]}`);
    const key = row.rule.kind === "duration" ? `${row.key}Ms` : row.key;
    return [key, value === undefined ? undefined : readValue(value, row.rule, { ...place, path })];
  });
  return Object.fromEntries(entries);
}

const EXPECTED: Readonly<Record<ValueRule["kind"], string>> = {
  text: "a text that is not empty",
  words: `a list of words, e.g. ["bin/rails", "db:migrate"]`,
  duration: `a duration, e.g. "500ms", "60s", "15m"`,
  count: "a whole number",
  url: "a URL",
};

function readValue(value: unknown, rule: ValueRule, place: Place): unknown {
  const wrong = (): EntrypointError => invalid(place.path, `${describe(value)}, expected ${EXPECTED[rule.kind]}`);
  if (rule.kind === "words") {
    if (!Array.isArray(value) || value.length === 0) throw wrong();
    return value.map((word: unknown, index) => readWord(word, { ...place, path: `${place.path}[${String(index)}]` }));
  }
  if (rule.kind === "count") {
    const range = `from ${String(rule.least)} to ${String(rule.most)}`;
    const fits = Number.isInteger(value) && Number(value) >= rule.least && Number(value) <= rule.most;
    if (!fits) throw invalid(place.path, `${describe(value)}, expected a whole number ${range}`);
    return value;
  }
  if (typeof value !== "string" || value === "") throw wrong();
  const text = interpolate(value, place.path, place.env);
  if (rule.kind === "duration") return durationMs(text) ?? refuse(wrong());
  if (rule.kind === "url") {
    const refusal = refuseUrl(text, rule.schemes);
    if (refusal !== undefined)
      throw invalid(place.path, `${value === text ? "" : `the value of ${value} is `}${refusal}`);
  }
  return text === "" ? refuse(wrong()) : text;
}

function readWord(word: unknown, place: Place): string {
  if (typeof word !== "string") throw invalid(place.path, `${describe(word)}, expected a text`);
  return interpolate(word, place.path, place.env);
}

function refuse(error: EntrypointError): never {
  throw error;
}

function asObject(value: unknown, place: Place): Values {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Values;
  throw invalid(place.path === "" ? "the definition" : place.path, `${describe(value)}, expected an object`);
}

function refuseUnknown(object: Values, known: readonly string[], place: Place): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw invalid(join(place.path, unknown), `there is no such key: ${suggest(unknown, known)}`);
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** A value as the message shows it: the plain text in the file, in which variables are still names. */
function describe(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return JSON.stringify(value).slice(0, 80);
}

function invalid(path: string, problem: string): EntrypointError {
  return new EntrypointError("ENTRYPOINT_DEFINITION_INVALID", { message: `${path}: ${problem}` });
}
