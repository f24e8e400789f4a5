import { readKey } from "./read-value.ts";
import { TASK_KEYS, TOP_KEYS, type KeyRow } from "./schema.ts";

/** A variable of ours that stands for a key of the definition. */
interface Override {
  readonly variable: string;
  readonly row: KeyRow;
  /** The task whose key it is; `undefined` for the definition's own. */
  readonly task: string | undefined;
}

/** Every key that a variable can set: `ENTRYPOINT_GRACE`, `ENTRYPOINT_MIGRATE_DEADLINE`. */
export const OVERRIDES: readonly Override[] = [
  ...TOP_KEYS.filter(({ rule }) => rule.kind !== "exit-codes").map((row) => overrideOf(row, undefined)),
  ...Object.entries(TASK_KEYS).flatMap(([task, rows]) => rows.map((row) => overrideOf(row, task))),
];

function overrideOf(row: KeyRow, task: string | undefined): Override {
  const words = [task, row.key].filter((word) => word !== undefined).join("-");
  const variable = `ENTRYPOINT_${words
    .replace(/[A-Z]/g, (letter) => `-${letter}`)
    .replaceAll("-", "_")
    .toUpperCase()}`;
  return { variable, row, task };
}

/**
 * Puts the values of the environment in the place of the definition's. A task's key holds for every task of that kind.
 * What is not a definition stays as it is, for the check to refuse.
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID`, naming the variable
 */
export function applyOverrides(definition: unknown, env: Readonly<NodeJS.ProcessEnv>): unknown {
  if (!isObject(definition)) return definition;
  const given = OVERRIDES.flatMap((override) => {
    const text = env[override.variable] ?? "";
    return text === "" ? [] : [{ ...override, value: valueOf(override, text) }];
  });
  if (given.length === 0) return definition;
  const own = given.filter(({ task }) => task === undefined).map(({ row, value }) => [row.key, value] as const);
  const { tasks } = definition;
  if (!Array.isArray(tasks)) return { ...definition, ...Object.fromEntries(own) };
  const changed = tasks.map((task: unknown) => {
    if (!isObject(task)) return task;
    const keys = given.filter((override) => override.task === task["task"]);
    return { ...task, ...Object.fromEntries(keys.map(({ row, value }) => [row.key, value] as const)) };
  });
  return { ...definition, ...Object.fromEntries(own), tasks: changed };
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
