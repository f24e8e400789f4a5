import { PROCESS_KEYS, PROCESSES, TASK_KEYS, TASKS, TOP_KEYS, type KeyRow, type ValueRule } from "@slipway/entrypoint";

/** The types of an entrypoint's definition as it is written, from the rows that its validator uses. */
export function renderDefinitionTypes(): string {
  const tasks = Object.entries(TASK_KEYS).map(([name, rows]) => ({ name, type: typeName(name), rows }));
  const blocks = [
    "// Written by `pnpm generate` from the tables of schema.ts and task-keys.ts.\n",
    `/** A time: \`500ms\`, \`60s\`, \`15m\`, \`1h\`, or a text with a variable that holds one. */
export type DurationText = \`\${number}\${"ms" | "s" | "m" | "h"}\` | \`\${string}\\\${\${string}}\${string}\`;
`,
    ...tasks.map(({ name, type, rows }) =>
      renderInterface(`A task \`${name}\`.`, type, [
        `  readonly task: ${JSON.stringify(name)};`,
        ...rows.map(renderKey),
      ]),
    ),
    `/** One of the tasks. */\nexport type TaskConfig = ${tasks.map(({ type }) => type).join(" | ")};\n`,
    renderInterface("One of several programs.", "ProcessConfig", PROCESS_KEYS.map(renderKey)),
    renderInterface("The start-up of a container, as `entrypoint.json` holds it.", "EntrypointConfig", [
      "  readonly $schema?: string;",
      ...TOP_KEYS.map(renderKey),
      `  /** ${TASKS} */\n  readonly tasks?: readonly TaskConfig[];`,
      `  /** ${PROCESSES} */\n  readonly processes?: Readonly<Record<string, ProcessConfig>>;`,
    ]),
  ];
  return blocks.join("\n");
}

function typeName(task: string): string {
  const words = task.split("-").map((word) => `${word[0]?.toUpperCase() ?? ""}${word.slice(1)}`);
  return `${words.join("")}Config`;
}

function renderInterface(meaning: string, name: string, lines: readonly string[]): string {
  return `/** ${meaning} */\nexport interface ${name} {\n${lines.join("\n")}\n}\n`;
}

/** The widest line that the formatter leaves as it is. */
const WIDTH = 120;

function renderKey({ key, rule, required, fallback, meaning }: KeyRow): string {
  const given =
    fallback === undefined
      ? ""
      : ` Default: \`${typeof fallback === "string" ? fallback : JSON.stringify(fallback)}\`.`;
  const name = `  readonly ${key}${required ? "" : "?"}:`;
  const line = `${name} ${renderType(rule)};`;
  const broken =
    rule.kind === "choice" ? `${name}${rule.of.map((one) => `\n    | ${JSON.stringify(one)}`).join("")};` : line;
  return `  /** ${meaning}${given} */\n${line.length > WIDTH ? broken : line}`;
}

const TYPES: Readonly<Record<Exclude<ValueRule["kind"], "choice" | "choices">, string>> = {
  text: "string",
  name: "string",
  names: "readonly string[]",
  flag: "boolean",
  url: "string",
  mode: "string",
  words: "readonly string[]",
  count: "number",
  duration: "DurationText",
  "exit-codes": "Readonly<Record<number, number>>",
};

function renderType(rule: ValueRule): string {
  if (rule.kind === "choice") return oneOf(rule.of);
  return rule.kind === "choices" ? `readonly (${oneOf(rule.of)})[]` : TYPES[rule.kind];
}

function oneOf(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(" | ");
}
