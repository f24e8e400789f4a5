import type { KeyRow, ValueRule } from "./key-row.ts";
import { PROCESS_KEYS } from "./process-keys.ts";
import { NAME } from "./read-value.ts";
import { TOP_KEYS } from "./schema.ts";
import { TASK_KEYS } from "./task-keys.ts";

/** The definition as a JSON Schema for editors, made from the rows that the validator uses. */
export function jsonSchema(): object {
  const tasks = Object.entries(TASK_KEYS).map(([name, rows]) => taskSchema(name, rows));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "The start-up of a container",
    type: "object",
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      ...properties(TOP_KEYS),
      tasks: { type: "array", description: TASKS, items: { oneOf: tasks } },
      processes: {
        type: "object",
        description: PROCESSES,
        minProperties: 1,
        propertyNames: { pattern: NAME.source },
        additionalProperties: objectSchema(PROCESS_KEYS),
      },
    },
  };
}

/** What the key `processes` means. */
export const PROCESSES = "Run side by side when no command is given.";

/** What the key `tasks` means. */
export const TASKS =
  "Carried out one after the other, in the order of the list but for `after`. Default: those of a Rails app with DATABASE_URL.";

function objectSchema(rows: readonly KeyRow[]): object {
  return {
    type: "object",
    additionalProperties: false,
    required: rows.filter((row) => row.required).map((row) => row.key),
    properties: properties(rows),
  };
}

function taskSchema(name: string, rows: readonly KeyRow[]): object {
  return {
    type: "object",
    additionalProperties: false,
    required: ["task", ...rows.filter((row) => row.required).map((row) => row.key)],
    properties: { task: { const: name }, ...properties(rows) },
  };
}

function properties(rows: readonly KeyRow[]): object {
  return Object.fromEntries(
    rows.map((row) => [
      row.key,
      {
        ...ruleSchema(row.rule),
        description: row.meaning,
        ...(row.fallback === undefined ? {} : { default: row.fallback }),
      },
    ]),
  );
}

/** A text with a variable in it can be anything until it is started, so patterns let those through. */
const VARIABLE = "\\$\\{";

function ruleSchema(rule: ValueRule): object {
  if (rule.kind === "words" || rule.kind === "names") return { type: "array", minItems: 1, items: { type: "string" } };
  if (rule.kind === "count") return { type: "integer", minimum: rule.least, maximum: rule.most };
  if (rule.kind === "duration") return { type: "string", pattern: `^[0-9]+(ms|s|m|h)$|${VARIABLE}` };
  if (rule.kind === "url") {
    const schemes = rule.schemes.map((scheme) => scheme.replace(":", "")).join("|");
    return { type: "string", pattern: `^(${schemes})://|${VARIABLE}` };
  }
  if (rule.kind === "flag") return { type: "boolean" };
  if (rule.kind === "name") return { type: "string", pattern: `${NAME.source}|${VARIABLE}` };
  if (rule.kind === "mode") return { type: "string", pattern: `^0?[0-7]{3}$|${VARIABLE}` };
  if (rule.kind === "choice") return { enum: rule.of };
  if (rule.kind === "choices") return { type: "array", minItems: 1, items: { enum: rule.of } };
  if (rule.kind === "exit-codes") {
    const code = { type: "integer", minimum: 0, maximum: 255 };
    return { type: "object", propertyNames: { pattern: "^[0-9]{1,3}$" }, additionalProperties: code };
  }
  return { type: "string", minLength: 1 };
}
