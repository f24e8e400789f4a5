import type { MigrateTask } from "../task/migrate-task.ts";
import type { RenderTask } from "../task/render.ts";
import type { RunTask } from "../task/run-task.ts";
import type { VerifyAssetsTask } from "../task/verify-assets.ts";
import type { WaitForTask } from "../task/wait-for.ts";
import { MISSING, NEWER } from "./key-row.ts";
import type { TaskName } from "./modes.ts";
import { asObject, readKeys, refuseUnknown, type Values } from "./read-object.ts";
import { below, describe, invalid, type Place } from "./read-value.ts";
import { suggest } from "./spelling.ts";
import { TASK_KEYS } from "./task-keys.ts";

type AnyTask = WaitForTask | VerifyAssetsTask | MigrateTask | RenderTask | RunTask;

/** A task of a start, complete. */
export type Task = AnyTask & {
  /** What the definition calls it. */
  readonly name: string | undefined;
  /** What comes first: names, or kinds of tasks. */
  readonly after: readonly string[];
  /** For which modes it is carried out. */
  readonly for: readonly string[];
};

/** What the definition says for all tasks. */
export interface Shared {
  readonly receipt: string | undefined;
  readonly waitMs: number | undefined;
}

/**
 * Checks one task and completes it.
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID`, `ENTRYPOINT_VARIABLE_UNSET`, each naming the path in the file
 */
export function readTask(value: unknown, shared: Shared, place: Place): Task {
  const object = asObject(value, place);
  const name = object.get("task");
  const names = Object.keys(TASK_KEYS);
  const { path } = below(place, "task");
  if (typeof name !== "string") throw invalid(path, `${describe(name)}, expected one of ${names.join(", ")}`);
  if (!isTaskName(name)) throw invalid(path, `there is no task ${describe(name)}: ${suggest(name, names)}`);
  const rows = TASK_KEYS[name];
  refuseUnknown(object, ["task", ...rows.map((row) => row.key)], place);
  refuseIdle(object, name, place);
  const values = readKeys(object, rows, place);
  const task = BUILDERS[name](values, shared, place);
  // A console or a worker has no port that would say when it is ready.
  const beside = task.task === "run" && task.background !== undefined && !object.has("for");
  const modes = beside ? ["web"] : values.words("for");
  return { name: values.optionalText("name"), ...task, after: values.optionalWords("after"), for: modes };
}

/** Keys that say something only where another is: which one, and what it would say. */
const NEEDS: Readonly<Partial<Record<TaskName, Readonly<Record<string, readonly [key: string, hint: string]>>>>> = {
  run: {
    every: ["election", "say where containers agree on it"],
    lease: ["election", "say where containers agree on it"],
    ready: ["background", '"background": true waits for the app'],
  },
};

function refuseIdle(object: ReadonlyMap<string, unknown>, name: TaskName, place: Place): void {
  for (const [key, [needed, hint]] of Object.entries(NEEDS[name] ?? {})) {
    if (object.has(key) && (object.get(needed) ?? false) === false)
      throw invalid(below(place, key).path, `there is no ${needed}: ${hint}`);
  }
}

type Builder = (values: Values, shared: Shared, place: Place) => AnyTask;

const BUILDERS: Readonly<Record<TaskName, Builder>> = {
  "wait-for": (values, { waitMs }) => ({
    task: "wait-for",
    url: values.text("url"),
    deadlineMs: values.number("deadline"),
    totalMs: waitMs,
    missing: MISSING.find((choice) => choice === values.text("missing")) ?? "wait",
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
  run: (values, _, place) => {
    const election = values.optionalText("election");
    const name = values.optionalText("name");
    if (election !== undefined && name === undefined)
      throw invalid(below(place, "name").path, "missing, and an election has to remember the task by something");
    return {
      task: "run",
      run: values.words("run"),
      shown: values.shown("run"),
      deadlineMs: values.number("deadline"),
      tries: values.number("tries"),
      election,
      leaseMs: values.number("lease"),
      name,
      everyMs: values.optionalNumber("every"),
      background: values.flag("background") ? { ready: values.optionalText("ready") } : undefined,
    };
  },
};

function isTaskName(name: string): name is TaskName {
  return Object.hasOwn(TASK_KEYS, name);
}
