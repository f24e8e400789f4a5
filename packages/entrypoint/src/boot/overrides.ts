import { EntrypointError } from "../errors.ts";
import { defaultTasks } from "./default-tasks.ts";
import type { KeyRow } from "./key-row.ts";
import { parseJson } from "./parse-json.ts";
import { PROCESS_KEYS } from "./process-keys.ts";
import { invalid, readKey } from "./read-value.ts";
import { TOP_KEYS } from "./schema.ts";
import { nearest, suggest } from "./spelling.ts";
import { TASK_KEYS } from "./task-keys.ts";

/** A variable of ours that stands for a key of the definition. */
interface Override {
  readonly variable: string;
  readonly row: KeyRow;
  /** Where the key stands: in the definition itself, in the tasks that fit, or in a process. */
  readonly place: "definition" | { readonly tasks: (task: Parts) => boolean } | { readonly process: string };
}

type Parts = Readonly<Record<string, unknown>>;

/** The keys that a variable sets in any definition: `ENTRYPOINT_GRACE`, and `ENTRYPOINT_MIGRATE_DEADLINE` for all tasks of a kind. */
export function generalOverrides(): readonly Override[] {
  const top = TOP_KEYS.filter(({ rule }) => rule.kind !== "exit-codes");
  return [
    ...top.map((row): Override => ({ variable: variableOf(row.key), row, place: "definition" })),
    ...Object.entries(TASK_KEYS).flatMap(([kind, rows]) =>
      rows.map((row): Override => ({
        variable: variableOf(kind, row.key),
        row,
        place: { tasks: ({ task }) => task === kind },
      })),
    ),
  ];
}

/** Variables that hold a list or an object of the definition as JSON. */
const WHOLE: Readonly<Record<string, "tasks" | "processes">> = {
  ENTRYPOINT_TASKS: "tasks",
  ENTRYPOINT_PROCESSES: "processes",
};

/** Variables of ours that are no keys of the definition. */
const OTHERS = ["ENTRYPOINT_RELEASE", "ENTRYPOINT_EXIT_CODES", ...Object.keys(WHOLE)];

/** The variable of a key, below the names of what it is in. */
export function variableOf(...names: readonly string[]): string {
  const words = names.map((name) => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).replaceAll("-", "_"));
  return `ENTRYPOINT_${words.join("_").toUpperCase()}`;
}

/**
 * Puts the values of the environment in the place of the definition's. A variable for a kind of task holds for every task
 * of that kind, one for a name goes before it. What is not a definition stays as it is, for the check to refuse.
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID`, naming the variable: also for one of ours that nobody reads
 */
export function applyOverrides(definition: unknown, env: Readonly<NodeJS.ProcessEnv>): unknown {
  const ours = Object.keys(env).filter((name) => name.startsWith("ENTRYPOINT_") && env[name] !== "");
  if (!isParts(definition)) return definition;
  const whole = withWhole(definition, env);
  const completed = whole["tasks"] === undefined ? withDefaults(whole, env) : whole;
  if (ours.length === 0) return completed;
  const overrides = [...generalOverrides(), ...ownOverrides(completed)];
  refuseUnread(ours, [...OTHERS, ...overrides.map(({ variable }) => variable)]);
  return overrides
    .filter(({ variable }) => ours.includes(variable))
    .reduce((parts, override) => put(parts, override, valueOf(override, env[override.variable] ?? "")), completed);
}

function withDefaults(definition: Parts, env: Readonly<NodeJS.ProcessEnv>): Parts {
  const tasks = defaultTasks(definition, env);
  return tasks === undefined ? definition : { ...definition, tasks };
}

function withWhole(definition: Parts, env: Readonly<NodeJS.ProcessEnv>): Parts {
  const given = Object.entries(WHOLE).filter(([variable]) => (env[variable] ?? "") !== "");
  return { ...definition, ...Object.fromEntries(given.map(([variable, key]) => [key, json(variable, env)])) };
}

/** Never quotes the text: it may hold a password. */
function json(variable: string, env: Readonly<NodeJS.ProcessEnv>): unknown {
  try {
    return parseJson(env[variable] ?? "", variable);
  } catch (error) {
    if (error instanceof EntrypointError) throw error;
    throw invalid(variable, "its value is not JSON");
  }
}

/** The variables of tasks that have a name, and of processes. */
function ownOverrides({ tasks, processes }: Parts): readonly Override[] {
  const named = Array.isArray(tasks) ? tasks.filter(isParts).flatMap(overridesOfTask) : [];
  const running = isParts(processes) ? Object.keys(processes).flatMap(overridesOfProcess) : [];
  return [...named, ...running];
}

function overridesOfTask({ task, name }: Parts): readonly Override[] {
  const rows = Object.entries(TASK_KEYS).find(([kind]) => kind === task)?.[1] ?? [];
  if (typeof name !== "string") return [];
  return rows.map((row) => ({
    variable: variableOf("task", name, row.key),
    row,
    place: { tasks: (other) => other["name"] === name },
  }));
}

function overridesOfProcess(process: string): readonly Override[] {
  return PROCESS_KEYS.map((row) => ({ variable: variableOf("process", process, row.key), row, place: { process } }));
}

/** A variable of ours that nobody reads is a misspelt one. */
function refuseUnread(ours: readonly string[], known: readonly string[]): void {
  const unread = ours.find((name) => !known.includes(name));
  if (unread === undefined) return;
  const hint = nearest(unread, known) === undefined ? "docs/definition.md says which are" : suggest(unread, known);
  throw invalid(unread, `this environment variable is not read by anything here; ${hint}`);
}

function put(definition: Parts, { row, place }: Override, value: unknown): Parts {
  if (place === "definition") return { ...definition, [row.key]: value };
  const { tasks, processes } = definition;
  if ("process" in place) {
    const all = isParts(processes) ? processes : {};
    const own = all[place.process];
    return isParts(own)
      ? { ...definition, processes: { ...all, [place.process]: { ...own, [row.key]: value } } }
      : definition;
  }
  if (!Array.isArray(tasks)) return definition;
  const changed = tasks.map((task: unknown) =>
    isParts(task) && place.tasks(task) ? { ...task, [row.key]: value } : task,
  );
  return { ...definition, tasks: changed };
}

/** A list is JSON, or words with spaces between them; everything else is as in the file, but for variables: there are none. */
function valueOf({ variable, row }: Override, text: string): unknown {
  const value = parse(row, text);
  readKey(row, value, { path: variable, env: {} });
  return value;
}

const LISTS: ReadonlySet<KeyRow["rule"]["kind"]> = new Set(["words", "names", "choices"]);

function parse({ rule }: KeyRow, text: string): unknown {
  if (rule.kind === "count") return /^\d+$/.test(text) ? Number(text) : text;
  if (rule.kind === "flag") return text === "true" || (text === "false" ? false : text);
  const plain = text.replaceAll("${", () => "$${");
  if (!LISTS.has(rule.kind)) return plain;
  if (!text.startsWith("[")) return plain.split(/\s+/).filter(Boolean);
  try {
    return JSON.parse(plain) as unknown;
  } catch {
    return plain;
  }
}

function isParts(value: unknown): value is Parts {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
