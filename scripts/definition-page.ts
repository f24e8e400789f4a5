import {
  DEFINITION_RULES,
  ECS_LIMITS,
  PROCESS_KEYS,
  PROCESSES,
  TASK_KEYS,
  TASKS,
  TOP_KEYS,
  variableOf,
  type EcsLimit,
  type KeyRow,
  type ValueRule,
} from "@slipway/entrypoint";

/** The page of all keys of an entrypoint's definition, from the rows that its validator uses. */
export function renderDefinitionPage(): string {
  return [
    "# The definition of a start",
    "",
    "Every key of `entrypoint.json`, and the environment variable that goes before it. A variable that is set to nothing counts as",
    "not set; one that begins with `ENTRYPOINT_` and is none of these is refused. Lists are words with spaces between them, or JSON.",
    "Keys of a task can be set for all tasks of a kind, as below, or for one that has a `name`: `ENTRYPOINT_TASK_SITEMAP_EVERY`,",
    "which goes before those of its kind.",
    "",
    "## The file",
    "",
    ...renderTable([
      ...TOP_KEYS.map((row) => ({ ...cellsOf(row), variable: topVariable(row) })),
      { key: "tasks", value: "a list", fallback: "", variable: "ENTRYPOINT_TASKS (JSON)", meaning: TASKS },
      {
        key: "processes",
        value: "an object",
        fallback: "",
        variable: "ENTRYPOINT_PROCESSES (JSON)",
        meaning: PROCESSES,
      },
    ]),
    ...Object.entries(TASK_KEYS).flatMap(([task, rows]) => [
      `## Task ${task}`,
      "",
      ...renderTable(rows.map((row) => ({ ...cellsOf(row), variable: variableOf(task, row.key) }))),
    ]),
    "## A process",
    "",
    "For a process named `web`:",
    "",
    ...renderTable(PROCESS_KEYS.map((row) => ({ ...cellsOf(row), variable: variableOf("process", "web", row.key) }))),
    ...renderTraps(),
    ...renderLimits(),
  ].join("\n");
}

function renderTraps(): readonly string[] {
  return [
    "## Traps",
    "",
    "What `entrypoint lint` finds in a definition that is valid:",
    "",
    "| code | severity | remedy |",
    "| --- | --- | --- |",
    ...DEFINITION_RULES.map(({ id, severity, hint }) => `| definition/${id} | ${severity} | ${hint} |`),
    "",
  ];
}

function renderLimits(): readonly string[] {
  return [
    "## Limits of ECS",
    "",
    "What `entrypoint explain` holds the times of a definition against, in seconds:",
    "",
    "| limit | default | at most | | source |",
    "| --- | --- | --- | --- | --- |",
    ...Object.entries<EcsLimit>(ECS_LIMITS).map(
      ([name, limit]) =>
        `| ${code(name)} | ${String(limit.default ?? "")} | ${String(limit.most)} | ${limit.meaning} | [${limit.source.split("/").at(-1) ?? ""}](${limit.source}) |`,
    ),
    "",
  ];
}

interface Cells {
  readonly key: string;
  readonly value: string;
  readonly fallback: string;
  readonly variable: string;
  readonly meaning: string;
}

function topVariable({ key, rule }: KeyRow): string {
  return rule.kind === "exit-codes" ? `${variableOf(key)} (143=0,130=0)` : variableOf(key);
}

function cellsOf({ key, rule, required, fallback, meaning }: KeyRow): Omit<Cells, "variable"> {
  const given = Array.isArray(fallback) ? fallback.join(" ") : String(fallback ?? "");
  return { key, value: valueOf(rule), fallback: required ? "required" : code(given), meaning };
}

const VALUES: Readonly<Record<Exclude<ValueRule["kind"], "choice" | "choices" | "url" | "count">, string>> = {
  text: "a text",
  name: "letters, digits, - and _",
  names: "a list of names",
  flag: "`true` or `false`",
  words: "a list of words",
  duration: "`500ms`, `60s`, `15m`, `1h`",
  mode: "octal digits",
  "exit-codes": 'an object, `{ "143": 0 }`',
};

function valueOf(rule: ValueRule): string {
  if (rule.kind === "choice") return rule.of.map(code).join(", ");
  if (rule.kind === "choices") return `a list of ${rule.of.map(code).join(", ")}`;
  if (rule.kind === "url") return rule.schemes.map((scheme) => code(`${scheme}//`)).join(", ");
  if (rule.kind === "count") return `${String(rule.least)} to ${String(rule.most)}`;
  return VALUES[rule.kind];
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

function renderTable(rows: readonly Cells[]): readonly string[] {
  return [
    "| key | must be | default | variable | |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map(
      ({ key, value, fallback, variable, meaning }) =>
        `| ${code(key)} | ${value} | ${fallback} | ${variable.replace(/^\S+/, code)} | ${meaning} |`,
    ),
    "",
  ];
}
